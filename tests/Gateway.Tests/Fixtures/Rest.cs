using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace BlindGrain.Gateway.Tests.Fixtures;

/// <summary>Bare HTTP with one API key: what any client could send, right or wrong.</summary>
public sealed class Rest(Uri server, string? apiKey) : IDisposable
{
    public string? ApiKey { get; } = apiKey;

    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Answer> Post(string path, byte[]? body = null, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, body is null ? null : Octets(body), headers);

    public Task<Answer> Put(string path, byte[] body) => Send(HttpMethod.Put, path, Octets(body));

    public Task<Answer> PutJson(string path, object body) => Send(HttpMethod.Put, path, Text(JsonSerializer.Serialize(body), "application/json"));

    public Task<Answer> PostJson(string path, object body) => Send(HttpMethod.Post, path, Text(JsonSerializer.Serialize(body), "application/json"));

    public static StringContent Text(string text, string type) => new(text, Encoding.UTF8, type);

    /// <summary>Announces, uploads and commits a key file.</summary>
    public async Task<Answer> UploadKeySet(string id, byte[] file, string? parameterSet = null)
    {
        parameterSet ??= TestModel.Shared.Model.Parameters.Id;
        (await PutJson($"/v2/keysets/{id}", new { parameter_set = parameterSet, bytes = file.Length, sha256 = TestModel.Sha256(file) })).Expect(HttpStatusCode.Created);
        await SendChunks(id, file);
        return await Post($"/v2/keysets/{id}/commit");
    }

    public async Task SendChunks(string id, byte[] file, int from = 0)
    {
        for (int offset = from; offset < file.Length; offset += TestServer.MaxChunkBytes)
        {
            (await Put($"/v2/keysets/{id}/chunks?offset={offset}", file[offset..Math.Min(file.Length, offset + TestServer.MaxChunkBytes)])).Expect(HttpStatusCode.OK);
        }
    }

    /// <summary>An inference request in the binary tensor form.</summary>
    public Task<Answer> Infer(string model, string keySet, byte[] input, params (string Name, string Value)[] headers)
    {
        string json = JsonSerializer.Serialize(new
        {
            inputs = new[] { new { name = "input", shape = new[] { 1 }, datatype = "BYTES", parameters = new { binary_data_size = input.Length } } },
            parameters = new { key_set = keySet },
        });
        return Post($"/v2/models/{model}/infer", [.. Encoding.UTF8.GetBytes(json), .. input], [("Inference-Header-Content-Length", $"{json.Length}"), .. headers]);
    }

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (ApiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        }

        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer($"{method} {path}", response.StatusCode, all, body);
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Octets(byte[] body) => new(body) { Headers = { ContentType = new("application/octet-stream") } };
}

/// <summary>What came back.</summary>
public sealed record Answer(string Request, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Text => Encoding.UTF8.GetString(Body);

    public string Code => Json.GetProperty("code").GetString()!;

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Request} gave {(int)Status}, not {(int)status}: {(Headers.GetValueOrDefault("Content-Type")?.Contains("json") == true ? Text : $"{Body.Length} bytes")}");
        return this;
    }

    /// <summary>It is a problem document of RFC 9457 with this code, and says something.</summary>
    public Answer ExpectProblem(HttpStatusCode status, string code)
    {
        _ = Expect(status);
        Assert.Equal("application/problem+json", Headers["Content-Type"].Split(';')[0]);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.Equal(code, Code);
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        Assert.DoesNotContain("Exception", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        return this;
    }
}
