using System.Diagnostics.Metrics;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Diagnostics;

/// <summary>The last minutes of a silo's measurements, and how the cluster puts them together.</summary>
public sealed class LoadMeterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTime _time = new();
    private readonly LoadMeter _meter;
    private readonly GrainsMetrics _metrics;

    public LoadMeterTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _meter = new LoadMeter(meters, Options.Create(new WorkerOptions()), _time);
        _metrics = new GrainsMetrics(meters);
    }

    [Fact]
    public void Bootstraps_are_counted_in_the_interval_in_which_they_end()
    {
        Assert.Empty(_meter.History().Bootstraps);
        _metrics.SliceEnded(SliceOutcome.Computed, 5);
        _metrics.SliceEnded(SliceOutcome.Computed, 2);
        _time.Advance(SiloLoad.Interval);
        (long[] first, long last) = _meter.History();
        Assert.Equal([7], first);
        _time.Advance(SiloLoad.Interval);
        _metrics.SliceEnded(SliceOutcome.Computed, 3);
        _time.Advance(SiloLoad.Interval);
        Assert.Equal([7, 0, 3], _meter.History().Bootstraps);
        Assert.Equal(last + 2, _meter.History().Last);
    }

    [Fact]
    public void Only_the_last_minutes_are_remembered()
    {
        _metrics.SliceEnded(SliceOutcome.Computed, 5);
        for (int i = 0; i < SiloLoad.MostIntervals; i++)
        {
            _time.Advance(SiloLoad.Interval);
        }

        Assert.Equal((SiloLoad.MostIntervals, 5), (_meter.History().Bootstraps.Length, _meter.History().Bootstraps[0]));
        _time.Advance(SiloLoad.Interval);
        Assert.Equal((SiloLoad.MostIntervals, 0), (_meter.History().Bootstraps.Length, _meter.History().Bootstraps.Sum()));

        // A long sleep leaves nothing of before.
        _metrics.SliceEnded(SliceOutcome.Computed, 5);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _meter.History().Bootstraps.Sum());
    }

    [Fact]
    public void What_is_pending_follows_the_jobs()
    {
        using (PendingBootstraps job = _metrics.BeginJob())
        {
            job.Set(100);
            Assert.Equal(100, _meter.Pending);
            job.Set(60);
            Assert.Equal(60, _meter.Pending);
        }

        Assert.Equal(0, _meter.Pending);
    }

    [Fact]
    public void Another_silo_of_the_process_is_not_heard()
    {
        using ServiceProvider other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        new GrainsMetrics(other.GetRequiredService<IMeterFactory>()).SliceEnded(SliceOutcome.Computed, 5);
        _time.Advance(SiloLoad.Interval);
        Assert.Equal([0], _meter.History().Bootstraps);
    }

    [Fact]
    public async Task The_cluster_lists_every_silo_and_what_it_computed()
    {
        await using TestSilos silos = await TestSilos.StartAsync(2);
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal(JobPhase.Succeeded, status.Phase);
        silos.Time.Pass(SiloLoad.Interval);

        IReadOnlyList<SiloLoad> loads = await silos.Grains.GetGrain<IClusterGrain>(IClusterGrain.Key).GetLoads();
        Assert.Equal(2, loads.Count);
        Assert.All(loads, l => Assert.True(l.Answers));
        Assert.All(loads, l => Assert.Equal(1, l.Threads));
        Assert.Equal(TestModel.Shared.Model.Rotations, loads.Sum(l => l.Bootstraps.Sum()));
        Assert.Contains(loads, l => l.KeyCacheBytes > 0);
        Assert.Superset(status.SlicesBySilo.Keys.ToHashSet(), loads.Select(l => l.Silo).ToHashSet());
    }

    public void Dispose()
    {
        _meter.Dispose();
        _services.Dispose();
    }
}
