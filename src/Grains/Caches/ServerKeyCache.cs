using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Caches;

/// <summary>
/// The expanded keys of this silo in native memory, by key set and what a model needs of it: bounded in bytes, each loaded once however many ask, and
/// freed by age and cost (<see cref="Worth"/>), never while in use. Memory is reserved before a load begins. Thread-safe.
/// </summary>
internal sealed class ServerKeyCache : IDisposable
{
    private readonly IKeyLoader _loader;
    private readonly GrainsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<(KeyName Name, string Needs), KeyEntry> _entries = [];
    private readonly long _budget;
    private long _used;

    public ServerKeyCache(IKeyLoader loader, IOptions<WorkerOptions> options, TimeProvider time, GrainsMetrics metrics, ILogger<ServerKeyCache> logger)
    {
        (_loader, _time, _metrics, _logger) = (loader, time, metrics, logger);
        _budget = options.Value.EffectiveKeyCacheBytes;
        metrics.ObserveKeyCache(() => UsedBytes, _budget);
    }

    /// <summary>The bytes reserved or in use, evicted keys that are still in use included.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>A lease on the key, loading or loaded, or null where keys in use leave no room for it now.</summary>
    /// <param name="name">The key.</param>
    /// <param name="needs">What a model needs of it.</param>
    /// <param name="mayDisplace">Whether other keys, not in use, may be dropped to make room.</param>
    /// <exception cref="SliceRefusedException">The key is larger than the whole cache.</exception>
    public KeyLease? TryAcquire(KeyName name, KeyNeeds needs, bool mayDisplace = true)
    {
        var freed = new List<KeyEntry>();
        try
        {
            lock (_gate)
            {
                if (_entries.TryGetValue((name, needs.Id), out KeyEntry? entry))
                {
                    _metrics.KeyRequested(KeyRequestResult.Hit);
                }
                else
                {
                    if (!TryReserve(needs.ExpandedBytes, freed, mayDisplace))
                    {
                        _metrics.KeyRequested(KeyRequestResult.Full);
                        return null;
                    }

                    _metrics.KeyRequested(KeyRequestResult.Load);
                    entry = new KeyEntry(name, needs) { Leases = 1 };
                    _entries.Add((name, needs.Id), entry);
                    KeyEntry loading = entry;
                    entry.Ready = Task.Run(() => LoadAsync(loading));
                }

                entry.Leases++;
                entry.LastUse = _time.GetTimestamp();
                return new KeyLease(this, entry);
            }
        }
        finally
        {
            freed.ForEach(e => e.Free());
        }
    }

    /// <summary>The key sets that are in the cache.</summary>
    public IReadOnlyCollection<(string Tenant, string KeySet)> Held
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Keys.Select(k => (k.Name.Tenant, k.Name.KeySet)).Distinct()];
            }
        }
    }

    /// <summary>Drops all keys that nobody uses: memory is short.</summary>
    public void FreeIdle()
    {
        KeyEntry[] freed;
        lock (_gate)
        {
            freed = [.. _entries.Values.Where(e => e.Leases == 0).ToArray().Where(Remove)];
        }

        foreach (KeyEntry entry in freed)
        {
            _metrics.KeyEvicted();
            GrainsLog.KeyEvicted(_logger, entry.Name.KeySet);
        }

        Array.ForEach(freed, e => e.Free());
    }

    /// <summary>Drops a key set; slices that use it finish.</summary>
    public void Evict(string tenant, string keySet)
    {
        KeyEntry[] freed;
        lock (_gate)
        {
            KeyEntry[] evicted = [.. _entries.Values.Where(e => e.Name.Tenant == tenant && e.Name.KeySet == keySet)];
            freed = [.. evicted.Where(Remove)];
        }

        Array.ForEach(freed, e => e.Free());
    }

    public void Dispose()
    {
        KeyEntry[] freed;
        lock (_gate)
        {
            freed = [.. _entries.Values.ToArray().Where(Remove)];
        }

        Array.ForEach(freed, e => e.Free());
    }

    internal void Release(KeyEntry entry)
    {
        lock (_gate)
        {
            entry.Leases--;
            entry.LastUse = _time.GetTimestamp();
            if (entry.Leases > 0 || !entry.Evicted)
            {
                return;
            }

            _used -= entry.Bytes;
        }

        entry.Free();
    }

    /// <summary>
    /// The seconds that the load took, a byte and a second since the last use: the least goes first. Keys that cost the same for their size go in the order of
    /// their last use; one that took twice as long may be idle for twice as long.
    /// </summary>
    private double Worth(KeyEntry entry) =>
        Math.Max(entry.LoadTime.TotalSeconds, 1e-3) / entry.Bytes / Math.Max(_time.GetElapsedTime(entry.LastUse).TotalSeconds, 1e-9);

    private bool TryReserve(long bytes, List<KeyEntry> freed, bool mayDisplace)
    {
        if (bytes > _budget)
        {
            throw new SliceRefusedException(JobErrors.WorkerUnavailable, $"The expanded key takes {bytes >> 20} MiB, the worker's key cache has {_budget >> 20} MiB.");
        }

        while (_used + bytes > _budget)
        {
            KeyEntry? victim = mayDisplace ? _entries.Values.Where(e => e.Leases == 0).MinBy(Worth) : null;
            if (victim is null)
            {
                return false;
            }

            _metrics.KeyEvicted();
            GrainsLog.KeyEvicted(_logger, victim.Name.KeySet);
            _ = Remove(victim);
            freed.Add(victim);
        }

        _used += bytes;
        return true;
    }

    /// <summary>Takes an entry from the index; true where nobody uses it, so that the caller frees it.</summary>
    private bool Remove(KeyEntry entry)
    {
        _ = _entries.Remove((entry.Name, entry.Needs.Id));
        entry.Evicted = true;
        if (entry.Leases > 0)
        {
            return false;
        }

        _used -= entry.Bytes;
        return true;
    }

    private async Task LoadAsync(KeyEntry entry)
    {
        try
        {
            long begun = _time.GetTimestamp();
            ServerKey key = await _loader.LoadAsync(entry.Name, entry.Needs);
            TimeSpan duration = _time.GetElapsedTime(begun);
            _metrics.KeyLoaded(duration);
            GrainsLog.KeyLoaded(_logger, entry.Name.KeySet, key.ByteSize >> 20, duration.TotalSeconds);
            lock (_gate)
            {
                _used += key.ByteSize - entry.Bytes;
                entry.Bytes = key.ByteSize;
                entry.LoadTime = duration;
                entry.Key = key;
            }
        }
        catch
        {
            // A failure is not remembered: the next caller tries again.
            lock (_gate)
            {
                if (!entry.Evicted)
                {
                    _ = Remove(entry);
                }
            }

            throw;
        }
        finally
        {
            // The load's own lease; where the key was evicted meanwhile and nobody waits for it, it goes now.
            Release(entry);
        }
    }
}
