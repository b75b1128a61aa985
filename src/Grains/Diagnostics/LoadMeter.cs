using System.Diagnostics.Metrics;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>
/// Keeps the last minutes of the silo's own measurements (<see cref="GrainsMetrics"/>), so that a page can show them where nobody collects metrics. Thread-safe.
/// </summary>
internal sealed class LoadMeter : BackgroundService
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _threads;

    /// <summary>One more than is told: the latest interval is not over.</summary>
    private readonly long[] _bootstraps = new long[SiloLoad.MostIntervals + 1];
    private readonly long _first;
    private long _current;
    private long _pending;

    /// <param name="meters">Whose meters are listened to: a process may have several silos.</param>
    /// <param name="options">The number of computing threads.</param>
    /// <param name="time">The calendar.</param>
    public LoadMeter(IMeterFactory meters, IOptions<WorkerOptions> options, TimeProvider time)
    {
        (_time, _threads) = (time, options.Value.EffectiveThreads);
        Started = time.GetUtcNow();
        _first = _current = Number(Started);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GrainsMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name is GrainsMetrics.BootstrapsName or GrainsMetrics.PendingName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Take(instrument.Name, value));
        _listener.Start();
    }

    /// <summary>When the silo began to measure, UTC.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>Processor time of the last interval by that of the computing threads, 0 to 1.</summary>
    public double Processor { get; private set; }

    /// <summary>Bootstraps of unfinished jobs, not computed yet.</summary>
    public long Pending
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(0, _pending);
            }
        }
    }

    /// <summary>The bootstraps of each whole interval since the start, at most of the last <see cref="SiloLoad.MostIntervals"/>, and the number of the latest.</summary>
    public (long[] Bootstraps, long Last) History()
    {
        lock (_gate)
        {
            Advance();
            long count = Math.Min(SiloLoad.MostIntervals, _current - _first);
            var history = new long[count];
            for (long i = 0; i < count; i++)
            {
                history[i] = _bootstraps[Place(_current - count + i)];
            }

            return (history, _current - 1);
        }
    }

    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SiloLoad.Interval, _time);
        (TimeSpan spent, long at) = (Environment.CpuUsage.TotalTime, _time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            (TimeSpan nowSpent, long now) = (Environment.CpuUsage.TotalTime, _time.GetTimestamp());
            Processor = Math.Clamp((nowSpent - spent) / (_time.GetElapsedTime(at, now) * _threads), 0, 1);
            (spent, at) = (nowSpent, now);
        }
    }

    private static long Number(DateTimeOffset time) => time.UtcTicks / SiloLoad.Interval.Ticks;

    private int Place(long interval) => (int)(interval % _bootstraps.Length);

    private void Take(string instrument, long value)
    {
        lock (_gate)
        {
            if (instrument == GrainsMetrics.PendingName)
            {
                _pending += value;
                return;
            }

            Advance();
            _bootstraps[Place(_current)] += value;
        }
    }

    /// <summary>Begins the intervals that the clock has reached. A clock that was set back goes on in the present one.</summary>
    private void Advance()
    {
        long now = Number(_time.GetUtcNow());
        for (long i = Math.Max(_current + 1, now - _bootstraps.Length + 1); i <= now; i++)
        {
            _bootstraps[Place(i)] = 0;
        }

        _current = Math.Max(_current, now);
    }
}
