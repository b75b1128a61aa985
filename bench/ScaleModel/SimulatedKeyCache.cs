namespace BlindGrain.ScaleModel;

/// <summary>A silo's expanded keys: bounded, loaded once however many ask, the least recently used of those not in use goes first.</summary>
internal sealed class SimulatedKeyCache(Scenario scenario, SimulatedTime time, SimulatedStorage storage, SimulatedSilo silo)
{
    private readonly int _places = (int)(scenario.CacheBytes / scenario.KeyBytes);
    private readonly Dictionary<int, Entry> _entries = [];

    public int Loads { get; private set; }

    /// <summary>Calls <paramref name="ready"/> once the key is there; false where there is no room for it.</summary>
    /// <param name="keySet">The key.</param>
    /// <param name="mayDisplace">Whether another may go for it.</param>
    /// <param name="ready">What waits for it; <see cref="Release"/> follows.</param>
    public bool TryAcquire(int keySet, bool mayDisplace, Action ready)
    {
        if (!_entries.TryGetValue(keySet, out Entry? entry))
        {
            if (_entries.Count >= _places && !(mayDisplace && TryDisplace()))
            {
                return false;
            }

            Loads++;
            _entries.Add(keySet, entry = new Entry());
            storage.Transfer(scenario.KeyFileBytes, silo.Incoming, () => time.After(scenario.KeyExpansionMilliseconds, () => Loaded(entry)));
        }

        entry.Leases++;
        entry.LastUse = time.Events;
        if (entry.Waiting is { } waiting)
        {
            waiting.Add(ready);
        }
        else
        {
            ready();
        }

        return true;
    }

    public void Release(int keySet) => _entries[keySet].Leases--;

    private static void Loaded(Entry entry)
    {
        List<Action> waiting = entry.Waiting!;
        entry.Waiting = null;
        waiting.ForEach(w => w());
    }

    private bool TryDisplace()
    {
        KeyValuePair<int, Entry>[] free = [.. _entries.Where(e => e.Value.Leases == 0 && e.Value.Waiting is null)];
        return free.Length > 0 && _entries.Remove(free.MinBy(e => e.Value.LastUse).Key);
    }

    private sealed class Entry
    {
        public int Leases { get; set; }

        public long LastUse { get; set; }

        /// <summary>Those who wait for the load; null once it is there.</summary>
        public List<Action>? Waiting { get; set; } = [];
    }
}
