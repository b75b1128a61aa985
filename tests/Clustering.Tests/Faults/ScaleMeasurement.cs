using BlindGrain.Clustering.Tests.Running;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Grains.Tests;

namespace BlindGrain.Clustering.Tests.Faults;

/// <summary>
/// Measures what scale-out pays: throughput of two silos against one, each silo pinned to one core, and the latency of a job against the engine called in process. It asserts
/// nothing about the figures, since they are those of the machine at that moment, and runs in the long form only.
/// </summary>
[Trait("Category", "Cluster")]
public sealed class ScaleMeasurement
{
    private const int Jobs = 6;
    private static readonly int[] s_input = [1, -2, 3, 0];

    [Fact]
    public async Task Two_silos_against_one_and_a_job_against_the_engine()
    {
        Assert.SkipUnless(LongForm.IsWanted, "A measurement of minutes: set BLINDGRAIN_CLUSTER_LONG=1.");
        TestModel test = TestModel.Wide;
        double engine = Engine(test);
        (double one, double latency) = await ClusterAsync(test, silos: 1);
        (double two, _) = await ClusterAsync(test, silos: 2);
        LongForm.Report($"engine in process, 1 thread: {engine:F2} s an inference of {test.Model.Rotations} rotations");
        LongForm.Report($"job on a cluster of one silo, 1 thread, one core: {latency:F2} s, {100 * (latency / engine - 1):F1} % more");
        LongForm.Report($"throughput: one silo {one:F1}, two silos {two:F1} bootstraps/s, {two / one:F2} times; load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        Assert.True(two > 0);
    }

    /// <summary>The median seconds of an inference in this process, on one thread.</summary>
    private static double Engine(TestModel test)
    {
        using var key = ServerKey.Expand(test.Evaluation, test.Model.ParameterPlan.Needs, 1);
        using var executor = new EncryptedExecutor(test.Model, key, 1);
        LweBatch input = test.Model.Expand(test.Cryptor.Encrypt(s_input));
        _ = executor.Run(input);
        return Median(3, () =>
        {
            Assert.Equal(test.Clear(s_input), test.Cryptor.Decrypt(executor.Run(input)));
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    /// <summary>Bootstraps a second with several jobs at a time, and the median seconds of a single one.</summary>
    private static async Task<(double Throughput, double Latency)> ClusterAsync(TestModel test, int silos)
    {
        await using var cluster = new ClusterProcesses();
        for (int i = 0; i < silos; i++)
        {
            int silo = await cluster.StartSiloAsync();
            await cluster.PinSiloAsync(silo, i);
        }

        await cluster.StartGatewayAsync();
        _ = await cluster.Client.PushModelAsync("wide", "1", test.ModelBytes);
        _ = await cluster.Client.UploadKeySetAsync("wide", test.Model.Parameters, new MemoryStream(test.KeyBytes));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RunAsync(cluster, test)));
        double latency = await Median(3, () => RunAsync(cluster, test));
        long begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Jobs).Select(_ => RunAsync(cluster, test)));
        return (Jobs * test.Model.Rotations / TimeProvider.System.GetElapsedTime(begun).TotalSeconds, latency);
    }

    private static async Task RunAsync(ClusterProcesses cluster, TestModel test)
    {
        string job = (await cluster.Client.SubmitAsync("wide", "1", "wide", test.Cryptor.Encrypt(s_input))).Id;
        _ = await cluster.Client.WaitAsync(job);
        LweBatch result = await cluster.Client.GetResultAsync(job, test.Model.DimensionOf(test.Model.Circuit.Output.Value));
        Assert.Equal(test.Clear(s_input), test.Cryptor.Decrypt(result));
    }

    private static async Task<double> Median(int count, Func<Task> work)
    {
        var seconds = new List<double>();
        for (int i = 0; i < count; i++)
        {
            long begun = TimeProvider.System.GetTimestamp();
            await work();
            seconds.Add(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }

        seconds.Sort();
        return seconds[count / 2];
    }
}
