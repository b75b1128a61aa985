using System.Net;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Gateway.Tests.Models;

public class ModelTests(TestServer server)
{
    private static byte[] File => TestModel.Shared.File;

    [Fact]
    public async Task A_model_is_pushed_described_downloaded_and_deleted()
    {
        Answer pushed = (await server.Alice.Put("/v2/models/net/versions/1", File)).Expect(HttpStatusCode.Created);
        Assert.Equal("/v2/models/net/versions/1", pushed.Headers["Location"]);
        Assert.Equal(pushed.Text, (await server.Alice.Get("/v2/models/net/versions/1")).Expect(HttpStatusCode.OK).Text);
        Assert.Equal("net", pushed.Json.GetProperty("name").GetString());
        Assert.Equal("FP32", pushed.Json.GetProperty("inputs")[0].GetProperty("datatype").GetString());
        Assert.Equal([-1, 4], pushed.Json.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()));
        Assert.Equal(TestModel.Shared.Model.Parameters.Id, pushed.Json.GetProperty("parameters").GetProperty("parameter_set").GetString());
        Assert.Equal(4, pushed.Json.GetProperty("parameters").GetProperty("bootstraps").GetInt32());
        Assert.Contains("\"net\"", (await server.Alice.Get("/v2/models")).Text, StringComparison.Ordinal);
        Assert.True((await server.Alice.Get("/v2/models/net/versions/1/ready")).Expect(HttpStatusCode.OK).Json.GetProperty("ready").GetBoolean());

        Answer file = (await server.Alice.Get("/v2/models/net/versions/1/file")).Expect(HttpStatusCode.OK);
        Assert.Equal(File, file.Body);
        Assert.Equal($"\"{TestModel.Sha256(File)}\"", file.Headers["ETag"]);
        _ = (await server.Alice.Get("/v2/models/net/versions/1/file", ("If-None-Match", file.Headers["ETag"]))).Expect(HttpStatusCode.NotModified);

        _ = (await server.Alice.Delete("/v2/models/net/versions/1")).Expect(HttpStatusCode.NoContent);
        _ = (await server.Alice.Get("/v2/models/net")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        _ = (await server.Alice.Delete("/v2/models/net/versions/1")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        Assert.Empty(server.Blobs("alice", "models/net"));
    }

    [Fact]
    public async Task A_version_never_changes_and_the_newest_one_is_the_default()
    {
        byte[] other = TestModel.Bytes(BlindGrain.Engine.Execution.CompiledModel.Create(TestModel.Shared.Model.Circuit, new BlindGrain.Engine.Execution.ExecutionMode.Exact(-39)).Write);
        _ = (await server.Alice.Put("/v2/models/fixed/versions/b", File)).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Put("/v2/models/fixed/versions/b", File)).Expect(HttpStatusCode.OK);
        _ = (await server.Alice.Put("/v2/models/fixed/versions/b", other)).ExpectProblem(HttpStatusCode.Conflict, "model_version_exists");
        _ = (await server.Alice.Put("/v2/models/fixed/versions/a", other)).Expect(HttpStatusCode.Created);
        Answer newest = (await server.Alice.Get("/v2/models/fixed")).Expect(HttpStatusCode.OK);
        Assert.Equal("a", newest.Json.GetProperty("parameters").GetProperty("version").GetString());
        Assert.Equal(["b", "a"], newest.Json.GetProperty("versions").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(File, (await server.Alice.Get("/v2/models/fixed/versions/b/file")).Body);
    }

    [Fact]
    public async Task Two_uploads_of_one_version_at_once_leave_a_whole_model()
    {
        byte[] other = TestModel.Bytes(BlindGrain.Engine.Execution.CompiledModel.Create(TestModel.Shared.Model.Circuit, new BlindGrain.Engine.Execution.ExecutionMode.Exact(-38)).Write);
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.Alice.Put("/v2/models/raced/versions/1", i % 2 == 0 ? File : other)));
        Assert.Contains(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers, a => Assert.Contains(a.Status, new[] { HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict }));
        string sha256 = (await server.Alice.Get("/v2/models/raced")).Json.GetProperty("parameters").GetProperty("sha256").GetString()!;
        Assert.Equal(sha256, TestModel.Sha256((await server.Alice.Get("/v2/models/raced/versions/1/file")).Body));
    }

    [Fact]
    public async Task A_repeated_upload_finishes_one_that_broke_off()
    {
        // The first request ended between registering the model and listing it.
        (await server.Alice.Put("/v2/models/broken/versions/1", File)).Expect(HttpStatusCode.Created);
        await server.Services.GetRequiredService<IGrainFactory>().GetGrain<ITenantGrain>("alice").Remove(new TenantItem(TenantItemKind.Model, "broken/1"));
        _ = (await server.Alice.Get("/v2/models/broken")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        (await server.Alice.Put("/v2/models/broken/versions/1", File)).Expect(HttpStatusCode.OK);
        (await server.Alice.Get("/v2/models/broken")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_model_is_refused_and_not_stored()
    {
        byte[] damaged = [.. File];
        damaged[damaged.Length / 2] ^= 1;
        foreach (byte[] garbage in new[] { [], [1, 2, 3], new byte[5000], File[..^1], File[..20], damaged, [.. File, 0], TestModel.Shared.KeyFile[..1000] })
        {
            _ = (await server.Bob.Put("/v2/models/garbage/versions/1", garbage)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid_model");
        }

        Assert.Empty(server.Blobs("bob", "models/garbage"));
        _ = (await server.Bob.Get("/v2/models/garbage")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_however_it_is_sent()
    {
        byte[] body = new byte[TestServer.MaxModelBytes + 1];
        _ = (await server.Alice.Put("/v2/models/long/versions/1", body)).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        _ = (await server.Alice.Put("/v2/models/long/versions/1", new byte[8 << 20])).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        using var unannounced = new StreamContent(new UnseekableStream(body));
        unannounced.Headers.ContentType = new("application/octet-stream");
        _ = (await server.Alice.Send(HttpMethod.Put, "/v2/models/long/versions/1", unannounced)).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        Assert.Empty(server.Blobs("alice", "models/long"));
    }

    [Fact]
    public async Task Names_and_media_types_that_cannot_be_are_refused()
    {
        foreach (string name in new[] { "-x", "a%20b", "a%2Fb", new string('a', 65) })
        {
            _ = (await server.Alice.Put($"/v2/models/{name}/versions/1", File)).ExpectProblem(HttpStatusCode.BadRequest, "invalid_id");
            _ = (await server.Alice.Get($"/v2/models/{name}")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        }

        _ = (await server.Alice.Send(HttpMethod.Put, "/v2/models/text/versions/1", Rest.Text("{}", "application/json"))).ExpectProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    /// <summary>A body without a length, which is sent in chunked coding.</summary>
    private sealed class UnseekableStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
