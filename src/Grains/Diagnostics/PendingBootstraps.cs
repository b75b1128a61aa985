using System.Diagnostics.Metrics;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>What one job still has to compute, kept in a sum over the silo's jobs: the measure that a cluster is scaled by. For one thread at a time.</summary>
internal sealed class PendingBootstraps : IDisposable
{
    private readonly UpDownCounter<long> _pending;
    private readonly UpDownCounter<long> _jobs;
    private long _left;
    private bool _ended;

    public PendingBootstraps(UpDownCounter<long> pending, UpDownCounter<long> jobs)
    {
        (_pending, _jobs) = (pending, jobs);
        _jobs.Add(1);
    }

    /// <summary>Sets what is left to compute, once it is known and whenever it changes.</summary>
    public void Set(long bootstraps)
    {
        if (!_ended && bootstraps != _left)
        {
            _pending.Add(bootstraps - _left);
            _left = bootstraps;
        }
    }

    /// <summary>Takes the job out of the sum.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            Set(0);
            _ended = true;
            _jobs.Add(-1);
        }
    }
}
