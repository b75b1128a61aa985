using BlindGrain.Client;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests;

/// <summary>The SDK against a real gateway and silo.</summary>
public class ClientTests(TestServer server)
{
    private static TestModel Test => TestModel.Shared;

    [Fact]
    public async Task A_prediction_is_what_the_clear_circuit_computes()
    {
        using var client = new BlindGrainClient(server.Address, server.AliceKey);
        ModelMetadata pushed = await client.PushModelAsync("sdk", "1", Test.File);
        CompiledModel model = await client.DownloadModelAsync("sdk", pushed.Parameters.Version);
        Assert.Contains(new ModelVersion("sdk", "1"), await client.ListModelsAsync());
        var session = new BlindGrainSession(client, "sdk", "1", model, Test.Key, "sdk");
        var uploaded = new List<long>();
        Assert.True(await session.EnsureKeySetAsync(new Recorder(uploaded)));
        Assert.False(await session.EnsureKeySetAsync());
        Assert.Equal(uploaded.Order(), uploaded);
        Assert.Equal(Test.KeyFile.Length, uploaded[^1]);
        long sent = client.BytesSent;
        Assert.True(sent > Test.KeyFile.Length + Test.File.Length);

        foreach (float[] sample in new float[][] { [1, 0, -1, 1], [0.2f, 1.4f, -7, 1], [0, 0, 0, 0] })
        {
            Prediction prediction = await session.PredictAsync(sample);
            long[] clear = Test.Clear(model.Circuit.Input.Quantize(sample));
            Assert.Equal(clear, prediction.Integers);
            Assert.Equal(model.Circuit.Output.Dequantize(clear), prediction.Output);
            Assert.Equal((4, "succeeded"), (prediction.Job.Progress.BootstrapsDone, prediction.Job.Phase));
        }

        Assert.InRange(client.BytesSent - sent, 3 * Test.Encrypt(0, 0, 0, 0).Length, 3000);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => session.PredictAsync([1, 2, 3]));
        await client.DeleteKeySetAsync("sdk");
        Assert.Null(await client.GetKeySetAsync("sdk"));
        Assert.Equal("key_set_not_found", (await Assert.ThrowsAsync<BlindGrainException>(() => session.PredictAsync([0, 0, 0, 0]))).Code);
    }

    [Fact]
    public async Task Priority_and_timeout_go_with_a_job_and_a_job_that_is_out_of_time_fails()
    {
        using var client = new BlindGrainClient(server.Address, server.AliceKey);
        _ = await client.PushModelAsync("urgent", "1", Test.File);
        _ = await client.UploadKeySetAsync("urgent", Test.Model.Parameters, new MemoryStream(Test.KeyFile));
        SeededLweList input = SeededLweList.Parse(Test.Encrypt(1, 0, -1, 1));
        JobState job = await client.SubmitAsync("urgent", "1", "urgent", input, new JobOptions { Priority = 2, Timeout = TimeSpan.FromHours(1), IdempotencyKey = "urgent" });
        Assert.Equal((2, job.Created.AddHours(1)), (job.Priority, job.Deadline));
        Assert.Equal(job.Id, (await client.SubmitAsync("urgent", "1", "urgent", input, new JobOptions { Priority = 2, Timeout = TimeSpan.FromHours(1), IdempotencyKey = "urgent" })).Id);
        Assert.True((await client.WaitAsync(job.Id)).HasSucceeded);
        JobState plain = await client.SubmitAsync("urgent", "1", "urgent", input);
        Assert.Equal((5, null), (plain.Priority, plain.Deadline));
        JobState late = await client.SubmitAsync("urgent", "1", "urgent", input, new JobOptions { Timeout = TimeSpan.FromMicroseconds(1) });
        Assert.Equal("deadline_exceeded", (await Assert.ThrowsAsync<BlindGrainException>(() => client.WaitAsync(late.Id))).Code);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { Priority = 0 });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new JobOptions { Timeout = TimeSpan.Zero });
    }

    [Fact]
    public async Task An_upload_that_was_stopped_goes_on()
    {
        using var client = new BlindGrainClient(server.Address, server.AliceKey);
        using var stop = new CancellationTokenSource();
        var first = new List<long>();
        using var file = new MemoryStream(Test.KeyFile);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.UploadKeySetAsync("stopped", Test.Model.Parameters, file, new Recorder(first, _ => { if (first.Count == 2) { stop.Cancel(); } }), stop.Token));
        Assert.Equal("uploading", (await client.GetKeySetAsync("stopped"))!.State);
        var second = new List<long>();
        Assert.True((await client.UploadKeySetAsync("stopped", Test.Model.Parameters, file, new Recorder(second))).IsReady);
        Assert.True(second[0] >= first[^1]);
        Assert.True(second[0] > 0);
        await client.DeleteKeySetAsync("stopped");
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
