using System.Net;
using System.Net.Sockets;
using BlindGrain.Client.Tests.Http;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Client.Tests;

public class BlindGrainClientTests
{
    private static readonly Lazy<SeededLweList> s_input = new(() =>
    {
        var circuit = new FheCircuit("one", new CircuitInput([1], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]), [], new CircuitOutput(0, [1], [1], [0]));
        CompiledModel model = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        return new ModelCryptor(model, ClientKey.Generate(model.Parameters)).Encrypt([1]);
    });

    [Fact]
    public async Task A_busy_server_is_asked_again_and_a_submit_stays_one_job()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Problem(503, "cluster_unavailable"), ScriptedServer.Cut(Job("queued", 1)), ScriptedServer.Json(202, Job("queued", 1)));
        using var client = new BlindGrainClient(server.Address, "secret");
        JobState job = await client.SubmitAsync("m", "1", "k", s_input.Value);
        Assert.Equal("j", job.Id);
        Assert.Equal(3, server.Requests.Count);
        string? key = Assert.Single(server.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.False(string.IsNullOrEmpty(key));
        Assert.All(server.Requests, r => Assert.Equal("Bearer secret", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_carries_its_code()
    {
        await using var server = new ScriptedServer(ScriptedServer.Problem(404, "model_not_found"));
        using var client = new BlindGrainClient(server.Address, "secret");
        BlindGrainException e = await Assert.ThrowsAsync<BlindGrainException>(() => client.GetModelAsync("m"));
        Assert.Equal(("model_not_found", HttpStatusCode.NotFound, "what is wrong"), (e.Code, e.Status, e.Message));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_told_as_such()
    {
        await using var server = new ScriptedServer(ScriptedServer.Json(400, "<html>", "text/html"), ScriptedServer.Json(200, "<html>", "text/html"), ScriptedServer.Json(404, "[1]"));
        using var client = new BlindGrainClient(server.Address, "secret");
        Assert.Equal(HttpStatusCode.BadRequest, (await Assert.ThrowsAsync<BlindGrainException>(() => client.GetJobAsync("j"))).Status);
        Assert.Contains("does not answer as", (await Assert.ThrowsAsync<BlindGrainException>(() => client.GetJobAsync("j"))).Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<BlindGrainException>(() => client.GetJobAsync("j"))).Status);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_its_address()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var client = new BlindGrainClient(new Uri($"http://127.0.0.1:{port}"), "secret");
        BlindGrainException e = await Assert.ThrowsAsync<BlindGrainException>(() => client.GetJobAsync("j"));
        Assert.Contains($"127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
        Assert.Null(e.Status);
    }

    [Fact]
    public async Task Cancelling_stops_the_retries()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(context =>
        {
            stop.Cancel();
            ScriptedServer.Problem(503, "cluster_unavailable")(context);
        });
        using var client = new BlindGrainClient(server.Address, "secret");
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetJobAsync("j", stop.Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Events_that_break_off_are_taken_up_behind_the_last_one()
    {
        await using var server = new ScriptedServer(
            ScriptedServer.Cut(Event("queued", 1) + Event("running", 4), "text/event-stream"),
            ScriptedServer.Json(200, "", "text/event-stream"),
            ScriptedServer.Json(200, Event("running", 5) + Event("succeeded", 9), "text/event-stream"));
        using var client = new BlindGrainClient(server.Address, "secret");
        var phases = new List<(string, long)>();
        await foreach (JobState state in client.WatchJobAsync("j"))
        {
            phases.Add((state.Phase, state.Revision));
        }

        Assert.Equal([("queued", 1), ("running", 4), ("running", 5), ("succeeded", 9)], phases);
        Assert.Equal([null, "4", "4"], server.Requests.Select(r => r.Headers["Last-Event-ID"]));
    }

    [Fact]
    public async Task Waiting_for_a_job_that_fails_gives_its_code()
    {
        await using var server = new ScriptedServer(ScriptedServer.Json(200, Event("failed", 3, """{"code":"worker_unavailable","detail":"nobody"}"""), "text/event-stream"));
        using var client = new BlindGrainClient(server.Address, "secret");
        BlindGrainException e = await Assert.ThrowsAsync<BlindGrainException>(() => client.WaitAsync("j"));
        Assert.Equal("worker_unavailable", e.Code);
        Assert.Contains("nobody", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_of_two_key_files_are_not_mixed()
    {
        const string Another = """{"id":"k","parameter_set":"p","bytes":10,"sha256":"of another file","state":"uploading","received":""";
        await using var server = new ScriptedServer(
            ScriptedServer.Json(201, $"{Another}0}}"), ScriptedServer.Problem(409, "upload_offset_mismatch"), ScriptedServer.Problem(409, "key_set_exists"));
        using var client = new BlindGrainClient(server.Address, "secret");
        BlindGrainException e = await Assert.ThrowsAsync<BlindGrainException>(() => client.UploadKeySetAsync("k", ParameterCatalog.All[0], new MemoryStream(new byte[10])));
        Assert.Equal("key_set_exists", e.Code);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_id_stays_one_segment_of_the_path()
    {
        await using var server = new ScriptedServer(ScriptedServer.Problem(404, "job_not_found"), ScriptedServer.Problem(404, "job_not_found"));
        using var client = new BlindGrainClient(new Uri(server.Address, "under/this"), "secret");
        _ = await Assert.ThrowsAsync<BlindGrainException>(() => client.GetJobAsync("../models?x#y"));
        Assert.Equal("/under/this/v2/jobs/..%2Fmodels%3Fx%23y", server.Requests.Single().Path);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => client.GetJobAsync(".."));
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_no_error()
    {
        await using var server = new ScriptedServer(ScriptedServer.Problem(404, "key_set_not_found"), ScriptedServer.Problem(401, "unauthorized"));
        using var client = new BlindGrainClient(server.Address, "secret");
        await client.DeleteKeySetAsync("k");
        Assert.Equal("unauthorized", (await Assert.ThrowsAsync<BlindGrainException>(() => client.DeleteKeySetAsync("k"))).Code);
    }

    [Fact]
    public void Addresses_and_keys_that_cannot_be_are_refused()
    {
        _ = Assert.Throws<ArgumentException>(() => new BlindGrainClient(new Uri("ftp://host"), "secret"));
        _ = Assert.Throws<ArgumentException>(() => new BlindGrainClient(new Uri("host", UriKind.Relative), "secret"));
        _ = Assert.Throws<ArgumentException>(() => new BlindGrainClient(new Uri("http://host"), " "));
    }

    private static string Event(string phase, long revision, string error = "null") => $"event: status\ndata: {Job(phase, revision, error)}\nid: {revision}\n\n";

    private static string Job(string phase, long revision, string error = "null") =>
        $$"""{"id":"j","model_name":"m","model_version":"1","key_set":"k","phase":"{{phase}}","progress":{"steps_done":0,"steps_total":1,"bootstraps_done":0,"bootstraps_total":1},"slices_by_silo":{},"error":{{error}},"created":"2026-01-01T00:00:00Z","ended":null,"revision":{{revision}}}""";
}
