using System.Net;
using BlindGrain.Client;
using BlindGrain.Gateway.Tests.Admin;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Models;

/// <summary>Models in chunks; a server of its own, which takes larger ones.</summary>
public sealed class ModelUploadTests(ModelUploadTests.Server fixture) : IClassFixture<ModelUploadTests.Server>
{
    private static readonly Lazy<byte[]> s_file = new(() => TestModel.LongFile(400_000));

    private readonly TestServer _server = fixture.Gateway;

    /// <summary>Longer than one chunk of the client library.</summary>
    private static byte[] File => s_file.Value;

    [Fact]
    public async Task A_model_is_announced_sent_in_chunks_and_becomes_a_version_with_its_commit()
    {
        Assert.True(File.Length > TestServer.MaxChunkBytes);
        Answer announced = (await Announce("whole", File)).Expect(HttpStatusCode.Created);
        Assert.Equal(Route("whole"), announced.Headers["Location"]);
        Assert.Equal(("uploading", 0), State(announced));
        Assert.Equal(("uploading", 0), State((await Announce("whole", File)).Expect(HttpStatusCode.OK)));
        await SendChunks("whole", File);
        Assert.Equal(("uploading", File.Length), State((await _server.Alice.Get(Route("whole"))).Expect(HttpStatusCode.OK)));
        _ = (await _server.Alice.Get("/v2/models/whole")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        Answer committed = (await _server.Alice.Post($"{Route("whole")}/commit")).Expect(HttpStatusCode.Created);
        Assert.Equal("/v2/models/whole/versions/1", committed.Headers["Location"]);
        Assert.Equal(TestModel.Sha256(File), committed.Json.GetProperty("parameters").GetProperty("sha256").GetString());
        Assert.Equal(committed.Text, (await _server.Alice.Get("/v2/models/whole/versions/1")).Expect(HttpStatusCode.OK).Text);
        Assert.Equal(File, (await _server.Alice.Get("/v2/models/whole/versions/1/file")).Expect(HttpStatusCode.OK).Body);
        Assert.Empty(_server.Blobs("alice", "uploads/whole/1/chunks"));

        // An answer that was lost is given again; the same announcement needs no upload any more, another one is refused.
        _ = (await _server.Alice.Post($"{Route("whole")}/commit")).Expect(HttpStatusCode.OK);
        Assert.Equal(("ready", File.Length), State((await Announce("whole", File)).Expect(HttpStatusCode.OK)));
        _ = (await Announce("whole", TestModel.Shared.File)).ExpectProblem(HttpStatusCode.Conflict, "model_version_exists");
        _ = (await _server.Alice.Get(Route("whole"))).ExpectProblem(HttpStatusCode.NotFound, "model_upload_not_found");
    }

    [Fact]
    public async Task Chunks_may_be_repeated_but_not_be_elsewhere_too_small_or_too_large()
    {
        _ = (await Announce("offsets", File)).Expect(HttpStatusCode.Created);
        string chunks = $"{Route("offsets")}/chunks";
        _ = (await _server.Alice.Put($"{chunks}?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        Assert.Equal(("uploading", 100_000), State((await _server.Alice.Put($"{chunks}?offset=0", File[..100_000])).Expect(HttpStatusCode.OK)));
        Answer refused = (await _server.Alice.Put($"{chunks}?offset=99999", new byte[70_000])).ExpectProblem(HttpStatusCode.Conflict, "upload_offset_mismatch");
        Assert.Contains("100000", refused.Text, StringComparison.Ordinal);
        _ = (await _server.Alice.Put($"{chunks}?offset=100000", new byte[1000])).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await _server.Alice.Put($"{chunks}?offset=100000", new byte[TestServer.MaxChunkBytes + 1])).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");

        // Another file as the same version waits until this one is given up.
        _ = (await Announce("offsets", TestModel.Shared.File)).ExpectProblem(HttpStatusCode.Conflict, "model_upload_exists");
        _ = (await _server.Alice.Delete(Route("offsets"))).Expect(HttpStatusCode.NoContent);
        _ = (await _server.Alice.Delete(Route("offsets"))).ExpectProblem(HttpStatusCode.NotFound, "model_upload_not_found");
        _ = (await _server.Alice.Put($"{chunks}?offset=0", new byte[70_000])).ExpectProblem(HttpStatusCode.NotFound, "model_upload_not_found");
        Assert.Empty(_server.Blobs("alice", "uploads/offsets/1/chunks"));
        _ = (await Announce("offsets", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        _ = (await _server.Alice.Delete(Route("offsets"))).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_was_not_announced_or_is_no_model_leaves_nothing()
    {
        byte[] damaged = [.. File];
        damaged[damaged.Length / 2] ^= 1;
        _ = (await Announce("bad", File)).Expect(HttpStatusCode.Created);
        await SendChunks("bad", damaged);
        _ = (await _server.Alice.Post($"{Route("bad")}/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "hash_mismatch");
        await AssertGone("bad");
        _ = (await Announce("bad", damaged)).Expect(HttpStatusCode.Created);
        await SendChunks("bad", damaged);
        _ = (await _server.Alice.Post($"{Route("bad")}/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid_model");
        await AssertGone("bad");
        _ = (await Announce("bad", File)).Expect(HttpStatusCode.Created);
        _ = (await _server.Alice.Put($"{Route("bad")}/chunks?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        _ = (await _server.Alice.Post($"{Route("bad")}/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "length_mismatch");
        await AssertGone("bad");
    }

    [Fact]
    public async Task Announcements_that_cannot_be_are_refused()
    {
        string sha256 = TestModel.Sha256(File);
        _ = (await _server.Alice.PutJson(Route("x"), new { bytes = 0, sha256 })).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await _server.Alice.PutJson(Route("x"), new { bytes = long.MaxValue, sha256 })).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        _ = (await _server.Alice.PutJson(Route("x"), new { bytes = 10, sha256 = "x" })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await _server.Alice.PutJson(Route("-x"), new { bytes = 10, sha256 })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_id");
        foreach (string json in new[] { "", "null", "[]", "{", "{\"bytes\":\"many\"}" })
        {
            _ = (await _server.Alice.Send(HttpMethod.Put, Route("x"), Rest.Text(json, "application/json"))).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        }

        await AssertGone("x");
    }

    [Fact]
    public async Task Commits_at_the_same_time_make_one_version()
    {
        _ = (await Announce("twice", File)).Expect(HttpStatusCode.Created);
        await SendChunks("twice", File);
        Answer[] commits = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _server.Alice.Post($"{Route("twice")}/commit")));
        _ = Assert.Single(commits, c => c.Status == HttpStatusCode.Created);
        Assert.Equal(3, commits.Count(c => c.Status == HttpStatusCode.OK));
        Assert.Equal(File, (await _server.Alice.Get("/v2/models/twice/versions/1/file")).Expect(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task An_upload_holds_the_place_of_the_model_that_it_is_to_be()
    {
        (await _server.Admin.PutJson("/v2/admin/tenants/one", new { quotas = new { models = 1 } })).Expect(HttpStatusCode.Created);
        using var rest = new Rest(_server.Address, (await TenantTests.Issue(_server.Admin, "one", new { role = "model_owner" })).Key);
        byte[] small = TestModel.Shared.File;
        (await rest.PutJson(Route("m"), new { bytes = small.Length, sha256 = TestModel.Sha256(small) })).Expect(HttpStatusCode.Created);
        _ = (await rest.PutJson(Route("n"), new { bytes = small.Length, sha256 = TestModel.Sha256(small) })).ExpectProblem(HttpStatusCode.Forbidden, "quota_exceeded");
        _ = (await rest.Put("/v2/models/n/versions/1", small)).ExpectProblem(HttpStatusCode.Forbidden, "quota_exceeded");
        (await rest.Put($"{Route("m")}/chunks?offset=0", small)).Expect(HttpStatusCode.OK);
        (await rest.Post($"{Route("m")}/commit")).Expect(HttpStatusCode.Created);
        Assert.Equal(1, (await rest.Get("/v2/quotas")).Json.GetProperty("models").GetProperty("used").GetInt64());
        _ = (await rest.PutJson(Route("n"), new { bytes = small.Length, sha256 = TestModel.Sha256(small) })).ExpectProblem(HttpStatusCode.Forbidden, "quota_exceeded");
        (await rest.Delete("/v2/models/m/versions/1")).Expect(HttpStatusCode.NoContent);
        (await rest.PutJson(Route("n"), new { bytes = small.Length, sha256 = TestModel.Sha256(small) })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_client_library_goes_on_with_a_push_that_was_stopped_and_gives_up_one_of_another_file()
    {
        using var client = new BlindGrainClient(_server.Address, _server.AliceKey);
        using var stop = new CancellationTokenSource();
        var first = new List<long>();
        using var file = new MemoryStream(File);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PushModelAsync("pushed", "1", file, new Recorder(first, v => { if (v > 0) { stop.Cancel(); } }), stop.Token));
        long received = (await _server.Alice.Get(Route("pushed"))).Expect(HttpStatusCode.OK).Json.GetProperty("received").GetInt64();
        Assert.InRange(received, 1, File.Length);
        var second = new List<long>();
        ModelMetadata pushed = await client.PushModelAsync("pushed", "1", file, new Recorder(second), TestContext.Current.CancellationToken);
        Assert.Equal(received, second[0]);
        Assert.Equal(TestModel.Sha256(File), pushed.Parameters.Sha256);
        Assert.Equal(pushed.Parameters, (await client.PushModelAsync("pushed", "1", File, TestContext.Current.CancellationToken)).Parameters);

        (await Announce("other", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        Assert.Equal(TestModel.Sha256(File), (await client.PushModelAsync("other", "1", file, null, TestContext.Current.CancellationToken)).Parameters.Sha256);
        BlindGrainException e = await Assert.ThrowsAsync<BlindGrainException>(() => client.PushModelAsync("other", "1", TestModel.LongFile(400_001), TestContext.Current.CancellationToken));
        Assert.Equal("model_version_exists", e.Code);
    }

    private static string Route(string model) => $"/v2/models/{model}/versions/1/upload";

    private static (string? State, long Received) State(Answer answer) => (answer.Json.GetProperty("state").GetString(), answer.Json.GetProperty("received").GetInt64());

    private Task<Answer> Announce(string model, byte[] file) => _server.Alice.PutJson(Route(model), new { bytes = file.Length, sha256 = TestModel.Sha256(file) });

    private async Task SendChunks(string model, byte[] file)
    {
        for (int offset = 0; offset < file.Length; offset += TestServer.MaxChunkBytes)
        {
            (await _server.Alice.Put($"{Route(model)}/chunks?offset={offset}", file[offset..Math.Min(file.Length, offset + TestServer.MaxChunkBytes)])).Expect(HttpStatusCode.OK);
        }
    }

    private async Task AssertGone(string model)
    {
        _ = (await _server.Alice.Get(Route(model))).ExpectProblem(HttpStatusCode.NotFound, "model_upload_not_found");
        _ = (await _server.Alice.Get($"/v2/models/{model}")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        Assert.Empty(_server.Blobs("alice", $"uploads/{model}/1/chunks"));
        Assert.Empty(_server.Blobs("alice", $"models/{model}"));
    }

    public sealed class Server : IAsyncLifetime
    {
        public TestServer Gateway { get; } = new() { Settings = new Dictionary<string, string?> { ["Gateway:MaxModelBytes"] = $"{16 << 20}" } };

        public ValueTask InitializeAsync() => Gateway.InitializeAsync();

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }

    private sealed class Recorder(List<long> values, Action<long>? then = null) : IProgress<long>
    {
        public void Report(long value)
        {
            values.Add(value);
            then?.Invoke(value);
        }
    }
}
