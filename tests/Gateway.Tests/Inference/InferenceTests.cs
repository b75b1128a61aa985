using System.Net;
using System.Text;
using System.Text.Json;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Gateway.Tests.Inference;

public sealed class InferenceTests(TestServer server) : IAsyncLifetime
{
    private static TestModel Test => TestModel.Shared;

    private static byte[] Input => Test.Encrypt(1, -1, 0, 1);

    public async ValueTask InitializeAsync()
    {
        Assert.True((await server.Alice.Put("/v2/models/infer/versions/1", Test.File)).Status is HttpStatusCode.Created or HttpStatusCode.OK);
        if ((await server.Alice.Get("/v2/keysets/infer")).Status != HttpStatusCode.OK)
        {
            _ = (await server.Alice.UploadKeySet("infer", Test.KeyFile)).Expect(HttpStatusCode.OK);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Waiting_gives_the_encrypted_result_in_the_binary_tensor_form()
    {
        foreach (int[] values in new int[][] { [1, -1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [-1, -1, 1, 0] })
        {
            Answer answer = (await server.Alice.Infer("infer", "infer", Test.Encrypt(values), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
            int header = int.Parse(answer.Headers["Inference-Header-Content-Length"], null);
            JsonElement json = JsonSerializer.Deserialize<JsonElement>(answer.Body.AsSpan(0, header));
            JsonElement output = json.GetProperty("outputs")[0];
            Assert.Equal("BYTES", output.GetProperty("datatype").GetString());
            Assert.Equal(answer.Body.Length - header, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
            Assert.Equal(("infer", "1"), (json.GetProperty("model_name").GetString(), json.GetProperty("model_version").GetString()));
            Assert.Equal(Test.Clear(values), Test.Decrypt(answer.Body[header..]));
        }
    }

    [Fact]
    public async Task Not_waiting_gives_a_job_to_follow()
    {
        Answer accepted = (await server.Alice.Infer("infer", "infer", Input)).Expect(HttpStatusCode.Accepted);
        string job = accepted.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/v2/jobs/{job}", accepted.Headers["Operation-Location"]);
        Assert.True(int.Parse(accepted.Headers["Retry-After"], null) > 0);
        Assert.Contains(job, (await server.Alice.Get("/v2/jobs")).Text, StringComparison.Ordinal);
        string events = (await server.Alice.Get($"/v2/jobs/{job}/events")).Expect(HttpStatusCode.OK).Text;
        Assert.Contains("\"succeeded\"", events, StringComparison.Ordinal);
        Assert.Equal(Test.Clear(1, -1, 0, 1), Test.Decrypt((await server.Alice.Get($"/v2/jobs/{job}/result")).Expect(HttpStatusCode.OK).Body));
    }

    [Fact]
    public async Task A_repeated_submit_is_one_job_also_when_it_is_done()
    {
        byte[] input = Input;
        Answer[] submits = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.Alice.Infer("infer", "infer", input, ("Idempotency-Key", "once"))));
        string job = Assert.Single(submits.Select(s => s.Expect(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!).Distinct());
        _ = (await server.Alice.Get($"/v2/jobs/{job}/events")).Expect(HttpStatusCode.OK);
        Answer late = (await server.Alice.Infer("infer", "infer", input, ("Idempotency-Key", "once"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal((job, "succeeded"), (late.Json.GetProperty("id").GetString()!, late.Json.GetProperty("phase").GetString()));
        Assert.Single((await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").EnumerateArray(), j => j.GetString() == job);

        _ = (await server.Alice.Put("/v2/models/infer/versions/1", Test.File)).Expect(HttpStatusCode.OK);
        _ = (await server.Alice.Put("/v2/models/infer2/versions/1", Test.File)).Status;
        _ = (await server.Alice.Infer("infer2", "infer", input, ("Idempotency-Key", "once"))).ExpectProblem(HttpStatusCode.Conflict, "idempotency_key_reused");
        _ = (await server.Alice.Infer("infer", "infer", input, ("Idempotency-Key", new string('k', 201)))).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Of_submits_with_one_key_the_first_input_counts()
    {
        // The first submit has stored its input and is about to start the job.
        string job = Guid.CreateVersion7().ToString("N");
        Assert.Equal(job, await server.Services.GetRequiredService<IGrainFactory>().GetGrain<ITenantGrain>("alice").ClaimIdempotencyKey("twice", job));
        _ = await server.Services.GetRequiredService<IBlobStore>().WriteAsync(BlobNames.JobInput("alice", job), new MemoryStream(Test.Encrypt(1, 1, 1, 1)));
        Answer second = (await server.Alice.Infer("infer", "infer", Test.Encrypt(-1, -1, -1, -1), ("Idempotency-Key", "twice"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal(job, second.Json.GetProperty("id").GetString());
        _ = (await server.Alice.Get($"/v2/jobs/{job}/events")).Expect(HttpStatusCode.OK);
        Assert.Equal(Test.Clear(1, 1, 1, 1), Test.Decrypt((await server.Alice.Get($"/v2/jobs/{job}/result")).Expect(HttpStatusCode.OK).Body));
    }

    [Fact]
    public async Task Garbage_is_refused_before_anything_is_queued()
    {
        int jobs = (await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").GetArrayLength();
        int blobs = server.Blobs("alice", "jobs").Length;
        byte[] input = Input;
        byte[] otherParameters = TestModel.Input(ClientKey.Generate(TestModel.OtherParameters), 4);

        _ = (await server.Alice.Infer("unknown", "infer", input)).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        _ = (await server.Alice.Infer("infer/versions/9", "infer", input)).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        _ = (await server.Alice.Infer("infer", "unknown", input)).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
        _ = (await server.Alice.Infer("infer", "../infer", input)).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
        foreach (int length in new[] { 3, 5 })
        {
            Answer wrong = (await server.Alice.Infer("infer", "infer", TestModel.Input(Test.Key, length))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid_input");
            Assert.Contains($"{length}", wrong.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        _ = (await server.Alice.Infer("infer", "infer", otherParameters)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "parameter_mismatch");
        _ = (await server.Alice.Infer("infer", "infer", input[..^1])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_input");
        _ = (await server.Alice.Infer("infer", "infer", [.. input, 0])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_input");
        _ = (await server.Alice.Infer("infer", "infer", [])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_input");
        _ = (await server.Alice.Infer("infer", "infer", new byte[200])).ExpectProblem(HttpStatusCode.BadRequest, "invalid_input");
        _ = (await server.Alice.Infer("infer", "infer", new byte[1 << 20])).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");

        Assert.Equal(jobs, (await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").GetArrayLength());
        Assert.Equal(blobs, server.Blobs("alice", "jobs").Length);
    }

    [Fact]
    public async Task Requests_of_another_form_are_refused()
    {
        const string Path = "/v2/models/infer/infer";
        byte[] input = Input;
        _ = (await server.Alice.Post(Path, input)).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await server.Alice.Send(HttpMethod.Post, Path, Rest.Text("{}", "application/json"))).ExpectProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        foreach (string length in new[] { "-1", "x", "99999999999", $"{input.Length + 1}" })
        {
            _ = (await server.Alice.Post(Path, input, ("Inference-Header-Content-Length", length))).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        }

        string tensor = $$$"""{"name":"input","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":{{{input.Length}}}}}""";
        foreach (string json in new[]
        {
            "",
            "null",
            "[]",
            "{",
            "{}",
            """{"inputs":[]}""",
            """{"inputs":[null],"parameters":{"key_set":"infer"}}""",
            $$$"""{"inputs":[{{{tensor}}}]}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":7}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","priority":10}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","priority":-1}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","priority":"1"}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","priority":1.5}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","timeout":-1}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","timeout":2592000000001}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"infer","timeout":null}}""",
            $$$"""{"inputs":[{{{tensor}}}],"parameters":{"key_set":"\ud800"}}""",
            $$$"""{"inputs":[{{{tensor}}},{{{tensor}}}],"parameters":{"key_set":"infer"}}""",
            $$$"""{"inputs":[{{{tensor.Replace("BYTES", "FP32", StringComparison.Ordinal)}}}],"parameters":{"key_set":"infer"}}""",
            $$$"""{"inputs":[{{{tensor.Replace($"{input.Length}", "12", StringComparison.Ordinal)}}}],"parameters":{"key_set":"infer"}}""",
        })
        {
            byte[] head = Encoding.UTF8.GetBytes(json);
            _ = (await server.Alice.Post(Path, [.. head, .. input], ("Inference-Header-Content-Length", $"{head.Length}"))).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        }
    }

    [Fact]
    public async Task A_key_set_must_be_complete_and_for_the_models_parameters()
    {
        byte[] file = Test.KeyFile;
        (await server.Alice.PutJson("/v2/keysets/half", new { parameter_set = Test.Model.Parameters.Id, bytes = file.Length, sha256 = TestModel.Sha256(file) })).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Infer("infer", "half", Input)).ExpectProblem(HttpStatusCode.Conflict, "key_set_not_ready");
        _ = await server.Alice.Delete("/v2/keysets/half");

        byte[] other = TestModel.Bytes(ClientKey.Generate(TestModel.OtherParameters).CreateEvaluationKey().Write);
        (await server.Alice.UploadKeySet("otherset", other, TestModel.OtherParameters.Id)).Expect(HttpStatusCode.OK);
        Answer refused = (await server.Alice.Infer("infer", "otherset", Input)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "parameter_mismatch");
        Assert.Contains(TestModel.OtherParameters.Id, refused.Text, StringComparison.Ordinal);
        _ = await server.Alice.Delete("/v2/keysets/otherset");
    }
}
