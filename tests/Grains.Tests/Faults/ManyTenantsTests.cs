using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlindGrain.Grains.Tests.Faults;

/// <summary>
/// Many tenants on few resources. The long form (BLINDGRAIN_CLUSTER_LONG=1) has the numbers of docs/cluster.md; what is measured goes to the test's output.
/// </summary>
[Trait("Category", "Cluster")]
public sealed class ManyTenantsTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("BLINDGRAIN_CLUSTER_LONG") == "1";

    [Fact]
    public async Task One_job_is_not_held_up_by_anothers_hundreds()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("many");
        await silos.DeployAsync("one");
        int[] input = [1, -2, 3, 0];
        await RunAsync(silos, "one", "warm", input);
        TimeSpan[] idle = [await TimeAsync("idle-1"), await TimeAsync("idle-2"), await TimeAsync("idle-3")];
        string[] jobs = [.. Enumerable.Range(0, s_isLong ? 200 : 30).Select(i => $"j{i}")];
        _ = await Task.WhenAll(jobs.Select(j => silos.SubmitAsync("many", j, Encrypted(input))));
        _ = await silos.WaitAsync("many", jobs[0], s => s.BootstrapsDone > 0);
        int before = await DoneAsync();
        TimeSpan taken = await TimeAsync("j");
        JobStatus one = (await silos.Job("one", "j").GetStatus())!;
        int served = await DoneAsync() - before;
        Assert.Equal(JobPhase.Succeeded, one.Phase);
        Report($"while one tenant's {one.BootstrapsTotal} bootstraps ran, the other's {jobs.Length} jobs got {served}; it took {taken.TotalSeconds:F2} s, and {idle.Order().ElementAt(1).TotalSeconds:F2} s on an idle cluster, {taken / idle.Order().ElementAt(1):F2} x");

        // What the other tenant gets is what the one job leaves: while its layers are stored and its linear steps are under way.
        Assert.InRange(served, 0, one.BootstrapsTotal * 3 / 2);
        Assert.Contains(JobPhase.Queued, await Task.WhenAll(jobs.Select(async j => (await silos.Job("many", j).GetStatus())!.Phase)));
        _ = await Task.WhenAll(jobs.Select(j => silos.Job("many", j).Cancel()));

        async Task<TimeSpan> TimeAsync(string job)
        {
            long begun = TimeProvider.System.GetTimestamp();
            await RunAsync(silos, "one", job, input);
            return TimeProvider.System.GetElapsedTime(begun);
        }

        async Task<int> DoneAsync() => (await Task.WhenAll(jobs.Select(j => silos.Job("many", j).GetStatus()))).Sum(s => s!.BootstrapsDone);
    }

    [Fact]
    public async Task More_tenants_than_the_key_cache_holds_all_get_right_results()
    {
        const int Keys = 4;
        int mebibytes = (int)((TestModel.Shared.Model.ParameterPlan.Needs.ExpandedBytes * ((2 * Keys) + 1) / 2) >> 20);
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Worker:KeyCacheMebibytes", $"{mebibytes}"), ("Worker:RunningJobs", "64"));
        string[] tenants = [.. Enumerable.Range(0, s_isLong ? 64 : 12).Select(i => $"tenant-{i}")];
        foreach (string tenant in tenants)
        {
            await silos.DeployAsync(tenant);
        }

        ServerKeyCache cache = silos.First.Services.GetRequiredService<ServerKeyCache>();
        using var stop = new CancellationTokenSource();
        long most = 0;
        Task watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, cache.UsedBytes);
                await Task.Delay(5, CancellationToken.None);
            }
        });
        long begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(tenants.Select((t, i) => RunAsync(silos, t, "j", [(i % 7) - 3, (i / 7 % 7) - 3, 2, -1])));
        TimeSpan taken = TimeProvider.System.GetElapsedTime(begun);
        await stop.CancelAsync();
        await watching;
        Report($"{tenants.Length} tenants on a cache of {Keys} keys ({mebibytes} MiB): {taken.TotalSeconds:F1} s, {most >> 20} MiB at most");
        Assert.InRange(most, 1, (long)mebibytes << 20);
    }

    [Fact]
    public async Task Silos_answer_each_other_while_all_their_threads_compute()
    {
        await using TestSilos silos = await TestSilos.StartAsync(2);
        await silos.DeployAsync("t");
        IHost first = silos.First;
        SiloAddress second = first.Services.GetRequiredService<IWorkers>().Active.Single(s => !s.Equals(TestSilos.AddressOf(first)));
        var until = TimeSpan.FromSeconds(s_isLong ? 20 * 60 : 5);
        long begun = TimeProvider.System.GetTimestamp();
        Task[] load = [.. Enumerable.Range(0, 6).Select(async worker =>
        {
            for (int i = 0; TimeProvider.System.GetElapsedTime(begun) < until; i++)
            {
                await RunAsync(silos, "t", $"j-{worker}-{i}", [worker - 3, (i % 7) - 3, 1, 0]);
            }
        })];
        IWorkerService worker = first.Services.GetRequiredService<IWorkers>().On(second);
        var owner = new SliceOwner("nobody", "none", Guid.NewGuid());
        var pings = new List<double>();
        while (TimeProvider.System.GetElapsedTime(begun) < until)
        {
            long sent = TimeProvider.System.GetTimestamp();
            Assert.Empty(await worker.Held(owner));
            pings.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            await Task.Delay(20);
        }

        await Task.WhenAll(load);
        pings.Sort();
        Report($"{pings.Count} pings between two silos under load: p50 {pings[pings.Count / 2]:F2} ms, p99 {pings[pings.Count * 99 / 100]:F2} ms, longest {pings[^1]:F1} ms");

        // Nobody was suspected: both are there, as they were.
        Assert.Equal(2, first.Services.GetRequiredService<IWorkers>().Active.Count);
        Assert.Contains(second, first.Services.GetRequiredService<IWorkers>().Active);
        var members = first.Services.GetRequiredService<IClusterMembershipService>();
        Assert.Equal(2, members.CurrentSnapshot.Members.Count);
    }

    private static async Task RunAsync(TestSilos silos, string tenant, string job, int[] input)
    {
        _ = await silos.SubmitAsync(tenant, job, Encrypted(input));
        JobStatus status = await silos.WaitForEndAsync(tenant, job);
        Assert.True(status.Phase == JobPhase.Succeeded, $"{status.ErrorCode}: {status.Error}");
        byte[] result = (await silos.ReadAsync(BlobNames.JobResult(tenant, job)))!;
        Assert.Equal(TestModel.Shared.Clear(input), TestModel.Shared.Cryptor.Decrypt(new LweBatch(TestModel.Shared.Model.DimensionOf(TestModel.Shared.Model.Circuit.Output.Value), result)));
    }

    private static byte[] Encrypted(int[] input) => TestModel.Shared.Cryptor.Encrypt(input).ToBytes();

    private static void Report(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
