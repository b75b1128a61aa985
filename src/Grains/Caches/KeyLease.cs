using BlindGrain.Engine.Execution;

namespace BlindGrain.Grains.Caches;

/// <summary>The right to use a key: it is not freed before the lease is disposed, even when it is evicted.</summary>
internal sealed class KeyLease(ServerKeyCache cache, KeyEntry entry) : IDisposable
{
    private bool _released;

    /// <summary>Ends when the key is loaded; fails as the load fails. To be awaited before <see cref="Evaluate"/>.</summary>
    public Task Ready => entry.Ready;

    /// <summary>Stands for the key: the same for all its leases.</summary>
    public object Key => entry;

    /// <summary>Computes on the calling thread.</summary>
    public T Evaluate<T>(Func<LookupEvaluator, T> work) => entry.Evaluate(work);

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _released, true))
        {
            cache.Release(entry);
        }
    }
}
