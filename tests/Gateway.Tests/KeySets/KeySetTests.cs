using System.Net;
using System.Net.Sockets;
using System.Text;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.KeySets;

public class KeySetTests(TestServer server)
{
    private static string ParameterSet => TestModel.Shared.Model.Parameters.Id;

    private static byte[] File => TestModel.Shared.KeyFile;

    [Fact]
    public async Task A_key_set_is_uploaded_in_chunks_and_ready_after_its_commit()
    {
        Answer created = (await Announce("whole")).Expect(HttpStatusCode.Created);
        Assert.Equal("uploading", created.Json.GetProperty("state").GetString());
        Assert.Equal(0, created.Json.GetProperty("received").GetInt64());
        _ = (await Announce("whole")).Expect(HttpStatusCode.OK);
        await server.Alice.SendChunks("whole", File);
        Answer committed = (await server.Alice.Post("/v2/keysets/whole/commit")).Expect(HttpStatusCode.OK);
        Assert.Equal("ready", committed.Json.GetProperty("state").GetString());
        Assert.Equal(File.Length, committed.Json.GetProperty("received").GetInt64());
        _ = (await server.Alice.Post("/v2/keysets/whole/commit")).Expect(HttpStatusCode.OK);
        _ = (await server.Alice.Put("/v2/keysets/whole/chunks?offset=0", new byte[70_000])).ExpectProblem(HttpStatusCode.Conflict, "key_set_ready");
        Assert.Single(server.Blobs("alice", "keysets/whole"));
        Assert.Contains("\"whole\"", (await server.Alice.Get("/v2/keysets")).Text, StringComparison.Ordinal);

        _ = (await server.Alice.PutJson("/v2/keysets/whole", new { parameter_set = ParameterSet, bytes = File.Length, sha256 = new string('0', 64) })).ExpectProblem(HttpStatusCode.Conflict, "key_set_exists");
        _ = (await server.Alice.Delete("/v2/keysets/whole")).Expect(HttpStatusCode.NoContent);
        await AssertGone("whole");
    }

    [Fact]
    public async Task An_upload_that_is_cut_goes_on_where_it_stopped()
    {
        _ = (await Announce("cut")).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Put("/v2/keysets/cut/chunks?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        await SendAndHangUp("/v2/keysets/cut/chunks?offset=100000", File[100_000..200_000], announced: 300_000);
        Answer state = (await server.Alice.Get("/v2/keysets/cut")).Expect(HttpStatusCode.OK);
        Assert.Equal(100_000, state.Json.GetProperty("received").GetInt64());
        await server.Alice.SendChunks("cut", File, from: 100_000);
        Assert.Equal("ready", (await server.Alice.Post("/v2/keysets/cut/commit")).Expect(HttpStatusCode.OK).Json.GetProperty("state").GetString());
        _ = await server.Alice.Delete("/v2/keysets/cut");
    }

    [Fact]
    public async Task A_chunk_may_be_repeated_but_not_be_elsewhere_too_small_or_too_large()
    {
        _ = (await Announce("offsets")).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        Answer again = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        Assert.Equal(100_000, again.Json.GetProperty("received").GetInt64());
        foreach (long offset in new long[] { -1, 1, 99_999, 100_001, 200_000, long.MaxValue })
        {
            Answer refused = (await server.Alice.Put($"/v2/keysets/offsets/chunks?offset={offset}", new byte[70_000])).ExpectProblem(HttpStatusCode.Conflict, "upload_offset_mismatch");
            Assert.Contains("100000", refused.Text, StringComparison.Ordinal);
        }

        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=100000", new byte[1000])).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=100000", [])).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=100000", new byte[TestServer.MaxChunkBytes + 1])).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks?offset=x", new byte[70_000])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await server.Alice.Put("/v2/keysets/offsets/chunks", new byte[70_000])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await server.Alice.Delete("/v2/keysets/offsets")).Expect(HttpStatusCode.NoContent);
        await AssertGone("offsets");
    }

    [Fact]
    public async Task A_chunk_beyond_the_announced_length_is_refused()
    {
        _ = (await Announce("beyond")).Expect(HttpStatusCode.Created);
        await server.Alice.SendChunks("beyond", File);
        _ = (await server.Alice.Put($"/v2/keysets/beyond/chunks?offset={File.Length}", new byte[70_000])).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = await server.Alice.Delete("/v2/keysets/beyond");
    }

    [Fact]
    public async Task A_truncated_key_leaves_nothing()
    {
        // Announced as what it is: no key of these parameters has this length.
        _ = (await server.Alice.PutJson("/v2/keysets/short", new { parameter_set = ParameterSet, bytes = File.Length - 1, sha256 = TestModel.Sha256(File[..^1]) }))
            .ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        await AssertGone("short");

        // Announced as whole, committed too early.
        _ = (await Announce("early")).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Put("/v2/keysets/early/chunks?offset=0", File[..100_000])).Expect(HttpStatusCode.OK);
        _ = (await server.Alice.Post("/v2/keysets/early/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "length_mismatch");
        await AssertGone("early");
    }

    [Fact]
    public async Task A_damaged_key_leaves_nothing()
    {
        byte[] damaged = [.. File];
        damaged[damaged.Length / 2] ^= 1;
        _ = (await server.Alice.UploadKeySet("damaged", damaged)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid_key");
        await AssertGone("damaged");
        _ = (await server.Alice.UploadKeySet("zeros", new byte[File.Length])).ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid_key");
        await AssertGone("zeros");

        // Other bytes than announced.
        _ = (await Announce("changed")).Expect(HttpStatusCode.Created);
        await server.Alice.SendChunks("changed", damaged);
        _ = (await server.Alice.Post("/v2/keysets/changed/commit")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "hash_mismatch");
        await AssertGone("changed");
    }

    [Fact]
    public async Task A_key_for_other_parameters_than_announced_leaves_nothing()
    {
        byte[] other = TestModel.Bytes(ClientKey.Generate(TestModel.OtherParameters).CreateEvaluationKey().Write);
        byte[] fitted = [.. other.Take(File.Length), .. new byte[Math.Max(0, File.Length - other.Length)]];
        Answer refused = (await server.Alice.UploadKeySet("other", fitted)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "parameter_mismatch");
        Assert.Contains(TestModel.OtherParameters.Id, refused.Text, StringComparison.Ordinal);
        await AssertGone("other");
    }

    [Fact]
    public async Task Announcements_that_cannot_be_are_refused()
    {
        string sha256 = TestModel.Sha256(File);
        _ = (await server.Alice.PutJson("/v2/keysets/x", new { parameter_set = "n1-k1-N1-000000000000", bytes = File.Length, sha256 })).ExpectProblem(HttpStatusCode.BadRequest, "unknown_parameter_set");
        _ = (await server.Alice.PutJson("/v2/keysets/x", new { })).ExpectProblem(HttpStatusCode.BadRequest, "unknown_parameter_set");
        _ = (await server.Alice.PutJson("/v2/keysets/x", new { parameter_set = ParameterSet, bytes = long.MaxValue, sha256 })).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await server.Alice.PutJson("/v2/keysets/x", new { parameter_set = ParameterSet, bytes = File.Length, sha256 = sha256.ToUpperInvariant() })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await server.Alice.PutJson("/v2/keysets/.x", new { parameter_set = ParameterSet, bytes = File.Length, sha256 })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_id");
        foreach (string json in new[] { "", "null", "[]", "{", "{\"bytes\":\"many\"}" })
        {
            _ = (await server.Alice.Send(HttpMethod.Put, "/v2/keysets/x", Rest.Text(json, "application/json"))).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        }

        _ = (await server.Alice.Send(HttpMethod.Put, "/v2/keysets/x", Rest.Text($"\"{new string('x', 100_000)}\"", "application/json"))).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        _ = (await server.Alice.Send(HttpMethod.Put, "/v2/keysets/x", Rest.Text("{}", "text/plain"))).ExpectProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await AssertGone("x");
    }

    [Fact]
    public async Task Commits_at_the_same_time_all_find_the_key_set_ready()
    {
        _ = (await Announce("twice")).Expect(HttpStatusCode.Created);
        await server.Alice.SendChunks("twice", File);
        Answer[] commits = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Alice.Post("/v2/keysets/twice/commit")));
        Assert.All(commits, c => Assert.Equal("ready", c.Expect(HttpStatusCode.OK).Json.GetProperty("state").GetString()));
        Assert.Single(server.Blobs("alice", "keysets/twice"));
        _ = await server.Alice.Delete("/v2/keysets/twice");
    }

    private Task<Answer> Announce(string id) => server.Alice.PutJson($"/v2/keysets/{id}", new { parameter_set = ParameterSet, bytes = File.Length, sha256 = TestModel.Sha256(File) });

    private async Task AssertGone(string id)
    {
        _ = (await server.Alice.Get($"/v2/keysets/{id}")).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
        Assert.DoesNotContain($"\"{id}\"", (await server.Alice.Get("/v2/keysets")).Text, StringComparison.Ordinal);
        Assert.Empty(server.Blobs("alice", $"keysets/{id}"));
    }

    /// <summary>Sends part of an announced body and cuts the connection; returns once the server has noticed.</summary>
    private async Task SendAndHangUp(string path, byte[] part, int announced)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        NetworkStream stream = socket.GetStream();
        string head = $"PUT {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.AliceKey}\r\nContent-Type: application/octet-stream\r\nContent-Length: {announced}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(part);
        socket.Client.Shutdown(SocketShutdown.Send);

        // The server closes its side, or resets it, when it has given up on the request.
        byte[] rest = new byte[4096];
        try
        {
            while (await stream.ReadAsync(rest) > 0)
            {
            }
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
        }
    }
}
