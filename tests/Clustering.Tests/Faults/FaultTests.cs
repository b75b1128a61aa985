using System.Security.Cryptography;
using BlindGrain.Client;
using BlindGrain.Clustering.Tests.Running;

namespace BlindGrain.Clustering.Tests.Faults;

/// <summary>Four tenants work on real silo processes while those are killed, stopped and replaced: every job ends right, value for value, and none is lost or doubled.</summary>
[Trait("Category", "Cluster")]
public sealed class FaultTests
{
    private const int Tenants = 4;

    [Fact]
    public async Task Killed_silos_cost_no_job()
    {
        await using BackendProcess redis = await BackendProcess.StartAsync("Redis");
        await RunAsync(redis, 2, async (cluster, load) =>
        {
            for (int kill = 0; kill < LongForm.Choose(1, 20); kill++)
            {
                // The moment is random: at any point of any step.
                await Task.Delay(RandomNumberGenerator.GetInt32(500, LongForm.Choose(1500, 6000)));
                int victim = cluster.Silos[RandomNumberGenerator.GetInt32(cluster.Silos.Length)];
                int before = load.Sum(t => t.Latencies.Count);
                await cluster.KillSiloAsync(victim);
                _ = await cluster.StartSiloAsync(victim);
                await UntilAsync(() => load.Sum(t => t.Latencies.Count) >= before + Tenants);
            }
        });
    }

    [Fact]
    public async Task A_killed_gateway_costs_no_job_and_clients_go_on_when_it_is_back()
    {
        await using BackendProcess redis = await BackendProcess.StartAsync("Redis");
        await RunAsync(redis, 1, async (cluster, load) =>
        {
            for (int kill = 0; kill < LongForm.Choose(1, 5); kill++)
            {
                int before = load.Sum(t => t.Latencies.Count);
                await UntilAsync(() => load.Sum(t => t.Latencies.Count) > before);
                await cluster.KillGatewayAsync();
                await cluster.StartGatewayAsync();
                before = load.Sum(t => t.Latencies.Count);
                await UntilAsync(() => load.Sum(t => t.Latencies.Count) >= before + Tenants);
            }
        });
    }

    [Fact]
    public async Task A_silo_that_is_stopped_in_good_order_hands_its_work_over()
    {
        await using BackendProcess redis = await BackendProcess.StartAsync("Redis");
        string log = await RunAsync(redis, 2, async (cluster, load) =>
        {
            for (int stop = 0; stop < LongForm.Choose(1, 6); stop++)
            {
                int before = load.Sum(t => t.Latencies.Count);
                await UntilAsync(() => load.Sum(t => t.Latencies.Count) > before);
                int leaving = stop % 2;
                await cluster.StopSiloAsync(leaving);
                before = load.Sum(t => t.Latencies.Count);
                await UntilAsync(() => load.Sum(t => t.Latencies.Count) >= before + Tenants);
                _ = await cluster.StartSiloAsync(leaving);
            }
        });

        // No slice was given up on: what the leaving silo had begun it finished, what it had not it gave back.
        Assert.DoesNotContain("did not compute a slice", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_hangs_holds_no_job()
    {
        await using BackendProcess redis = await BackendProcess.StartAsync("Redis");
        await RunAsync(redis, 2, async (cluster, load) =>
        {
            int before = load.Sum(t => t.Latencies.Count);
            await UntilAsync(() => load.Sum(t => t.Latencies.Count) > before);
            await cluster.SignalSiloAsync(0, "STOP");
            long begun = TimeProvider.System.GetTimestamp();

            // Every tenant gets results while the silo stands still: at least two each, so that some began meanwhile.
            Dictionary<string, int> counts = load.ToDictionary(t => t.Name, t => t.Latencies.Count);
            await UntilAsync(() => load.All(t => t.Latencies.Count >= counts[t.Name] + 2));
            TimeSpan stopped = TimeProvider.System.GetElapsedTime(begun);
            LongForm.Report($"two jobs of each tenant ended {stopped.TotalSeconds:F1} s after a silo was stopped");
            if (LongForm.IsWanted && stopped < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromSeconds(30) - stopped);
            }

            await cluster.SignalSiloAsync(0, "CONT");
        });
    }

    /// <summary>Puts a cluster under load, does something to it, and checks every job.</summary>
    /// <returns>The logs.</returns>
    private static async Task<string> RunAsync(BackendProcess backend, int silos, Func<ClusterProcesses, TenantLoad[], Task> disturb)
    {
        TenantLoad[] load = [.. Enumerable.Range(1, Tenants).Select(i => new TenantLoad($"tenant-{i}"))];
        await using var cluster = new ClusterProcesses([.. backend.Settings, .. TenantLoad.Settings(load)]);
        for (int i = 0; i < silos; i++)
        {
            _ = await cluster.StartSiloAsync();
        }

        await cluster.StartGatewayAsync();
        using var stop = new CancellationTokenSource();
        Task running = Task.CompletedTask;
        try
        {
            foreach (TenantLoad tenant in load)
            {
                await tenant.DeployAsync(cluster.Address);
                await tenant.RunOneAsync();
            }

            TimeSpan idle = load.Min(t => t.Latencies.Min());
            running = Task.WhenAll(load.Select(t => t.RunAsync(stop.Token)));
            Task disturbing = disturb(cluster, load);
            _ = await Task.WhenAny(running, disturbing);
            await stop.CancelAsync();
            await disturbing;
            await running;
            foreach (TenantLoad tenant in load)
            {
                await tenant.AssertNothingLostOrDoubledAsync();
            }

            TimeSpan[] all = [.. load.SelectMany(t => t.Latencies).Order()];
            LongForm.Report($"{all.Length} jobs: {idle.TotalSeconds:F2} s alone; under load and fault median {all[all.Length / 2].TotalSeconds:F2} s, longest {all[^1].TotalSeconds:F2} s, so {(all[^1] - all[all.Length / 2]).TotalSeconds:F2} s added at most");
            return cluster.Log;
        }
        catch (Exception e) when (e is BlindGrainException or TimeoutException or Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{e.Message}\n{cluster.Log}", e);
        }
        finally
        {
            await stop.CancelAsync();
            Array.ForEach(load, t => t.Dispose());
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException("The load did not get on.");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }
}
