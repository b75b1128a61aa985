using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Storage.Tests.AzureBlobs;

namespace BlindGrain.Gateway.Tests.KeySets;

/// <summary>Key sets that go straight to Azure's storage, which Azurite stands in for.</summary>
public sealed class DirectUploadTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static byte[] File => TestModel.Shared.KeyFile;

    [Fact]
    public async Task A_key_set_that_was_written_to_the_storage_is_checked_and_used_like_any_other()
    {
        azurite.SkipWhereMissing();
        await using var server = new TestServer { Settings = Settings(), Log = new RecordedLog() };
        await server.InitializeAsync();
        _ = (await server.Alice.Post("/v2/keysets/k/direct")).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
        await Announce(server, "k");
        Answer signed = await Sign(server, "k");
        Assert.Equal("no-store", signed.Headers["Cache-Control"]);
        Assert.InRange(signed.Json.GetProperty("expires").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.Created, await Write(signed, File));
        Assert.Equal(File.Length, (await server.Alice.Get("/v2/keysets/k")).Json.GetProperty("received").GetInt64());
        Assert.Equal("ready", (await server.Alice.Post("/v2/keysets/k/commit")).Expect(HttpStatusCode.OK).Json.GetProperty("state").GetString());
        _ = (await server.Alice.Post("/v2/keysets/k/direct")).ExpectProblem(HttpStatusCode.Conflict, "key_set_ready");

        // The address still holds, but what it leads to is nobody's: the key set has its own copy.
        Assert.Equal(HttpStatusCode.Created, await Write(signed, [1, 2, 3]));
        (await server.Alice.Put("/v2/models/m/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Alice.Infer("m", "k", TestModel.Shared.Encrypt(0, 1, 0, 1), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);

        string signature = signed.Json.GetProperty("url").GetString()!.Split("sig=")[1].Split('&')[0];
        Assert.DoesNotContain(server.Log!.All, e => e.Text.Contains(signature, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_as_announced_is_refused_and_leaves_nothing()
    {
        azurite.SkipWhereMissing();
        await using var server = new TestServer { Settings = Settings() };
        await server.InitializeAsync();
        byte[] damaged = [.. File];
        damaged[damaged.Length / 2] ^= 1;
        foreach ((byte[] content, string code) in new[] { (damaged, "hash_mismatch"), ([.. File, 0], "length_mismatch"), (File[..^1], "length_mismatch") })
        {
            await Announce(server, "bad");
            Assert.Equal(HttpStatusCode.Created, await Write(await Sign(server, "bad"), content));
            _ = (await server.Alice.Post("/v2/keysets/bad/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            _ = (await server.Alice.Get("/v2/keysets/bad")).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
        }
    }

    [Fact]
    public async Task Where_storage_is_a_folder_or_nobody_asked_for_it_no_address_is_signed()
    {
        await using (var folder = new TestServer { Settings = new Dictionary<string, string?> { ["Gateway:DirectUploads"] = "true" } })
        {
            await folder.InitializeAsync();
            await Announce(folder, "k");
            _ = (await folder.Alice.Post("/v2/keysets/k/direct")).ExpectProblem(HttpStatusCode.Conflict, "direct_upload_unavailable");
        }

        azurite.SkipWhereMissing();
        await using var off = new TestServer { Settings = new Dictionary<string, string?>(Settings()) { ["Gateway:DirectUploads"] = null } };
        await off.InitializeAsync();
        await Announce(off, "k");
        _ = (await off.Alice.Post("/v2/keysets/k/direct")).ExpectProblem(HttpStatusCode.Conflict, "direct_upload_unavailable");
    }

    private static async Task Announce(TestServer server, string id) => _ = (await server.Alice.PutJson(
        $"/v2/keysets/{id}", new { parameter_set = TestModel.Shared.Model.Parameters.Id, bytes = File.Length, sha256 = TestModel.Sha256(File) })).Expect(HttpStatusCode.Created);

    private static async Task<Answer> Sign(TestServer server, string id) => (await server.Alice.Post($"/v2/keysets/{id}/direct")).Expect(HttpStatusCode.OK);

    /// <summary>Does what the answer says, with nothing of ours.</summary>
    private static async Task<HttpStatusCode> Write(Answer signed, byte[] content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(signed.Json.GetProperty("method").GetString()!), signed.Json.GetProperty("url").GetString()) { Content = new ByteArrayContent(content) };
        foreach (JsonProperty header in signed.Json.GetProperty("headers").EnumerateObject())
        {
            request.Headers.Add(header.Name, header.Value.GetString());
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Gateway:DirectUploads"] = "true",
        ["Storage:Backend"] = "Azure",
        ["Storage:AzureConnectionString"] = azurite.ConnectionString,
        ["Storage:AzureContainer"] = $"c-{Guid.NewGuid():N}",
    };
}
