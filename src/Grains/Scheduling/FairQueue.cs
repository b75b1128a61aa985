namespace BlindGrain.Grains.Scheduling;

/// <summary>What a fair queue must know of a piece of work.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Priority">Within the tenant, lower first.</param>
/// <param name="Deadline">Within the priority, earlier first; null is last.</param>
/// <param name="Units">The units that it consists of, at least 1; they can be taken apart.</param>
/// <param name="UnitCost">What a unit is expected to take of one taker, in milliseconds.</param>
/// <param name="Pass">Units of equal passes can be taken together; null for work that is taken alone.</param>
/// <param name="Capacity">The units of a pass that are worth taking together, at least 1.</param>
internal readonly record struct WorkTerms(string Tenant, int Priority, DateTimeOffset? Deadline, int Units, double UnitCost, object? Pass = null, int Capacity = 1);

/// <summary>Some units of an item.</summary>
internal readonly record struct Share<T>(T Item, int First, int Count);

/// <summary>What a taker does next: shares of one tenant's work, of one pass.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Shares">The shares.</param>
/// <param name="Cost">The milliseconds that the tenant has been charged for it.</param>
internal sealed record Turn<T>(string Tenant, IReadOnlyList<Share<T>> Shares, double Cost);

/// <summary>
/// Weighted fair queueing over tenants by what their work costs, not by its number (start-time fair queueing, Goyal, Vin and Cheng, 1996): each tenant has a virtual
/// time that runs as fast as its work takes takers' time, divided by its weight, and the one that is furthest behind is next. A tenant that had nothing to do keeps a
/// bounded part of what it did not use, so that a single job is not held up by others' thousands. Inside a tenant: priority, deadline, order of arrival.
/// Not thread-safe.
/// </summary>
/// <param name="weightOf">A tenant's weight, above 0.</param>
/// <param name="burst">The milliseconds of takers' time that an idle tenant saves up at most, for a weight of 1.</param>
internal sealed class FairQueue<T>(Func<string, double> weightOf, double burst)
    where T : class
{
    private readonly Dictionary<string, TenantQueue> _tenants = new(StringComparer.Ordinal);
    private double _now;
    private long _sequence;
    private int _units;

    /// <summary>The items that wait, those included of which a part is taken.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item.</summary>
    public void Add(T item, WorkTerms terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.Units, 1);
        if (!_tenants.TryGetValue(terms.Tenant, out TenantQueue? tenant))
        {
            Sweep();

            // Who is new has saved something up against those who keep it waiting; against one who used idle takers a moment ago it has not.
            _tenants.Add(terms.Tenant, tenant = new TenantQueue(weightOf(terms.Tenant)) { VirtualTime = Count == 0 ? _now : double.NegativeInfinity });
        }

        if (tenant.Entries.Count == 0)
        {
            tenant.VirtualTime = Math.Max(tenant.VirtualTime, _now - burst);
            tenant.Since = ++_sequence;
        }

        _ = tenant.Entries.Add(new Entry(item, terms, ++_sequence));
        Count++;
        _units += terms.Units;
    }

    /// <summary>What is next, or null where nothing waits. The tenant is charged what it is expected to cost; <see cref="Settle"/> sets that right.</summary>
    /// <param name="idle">Those who could take work now, the caller included, at least 1: a pass is shared among them rather than taken whole.</param>
    /// <param name="takers">
    /// All who take work, idle or not, at least 1: nobody takes more than an equal share of all that waits, because the others are soon back for theirs.
    /// </param>
    public Turn<T>? TryTake(int idle = 1, int takers = 1)
    {
        TenantQueue? next = null;
        string name = "";
        foreach ((string tenant, TenantQueue queue) in _tenants)
        {
            if (queue.Entries.Count > 0 && (next is null || queue.VirtualTime < next.VirtualTime || (queue.VirtualTime == next.VirtualTime && queue.Since < next.Since)))
            {
                (name, next) = (tenant, queue);
            }
        }

        if (next is null)
        {
            return null;
        }

        _now = Math.Max(_now, next.VirtualTime);
        (List<Share<T>> shares, double cost) = TakeFrom(next, idle, takers);
        next.VirtualTime += cost / next.Weight;
        next.Since = ++_sequence;
        return new Turn<T>(name, shares, cost);
    }

    /// <summary>Charges a turn by what it did cost.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="milliseconds">What it took of its taker.</param>
    public void Settle(Turn<T> turn, double milliseconds)
    {
        if (_tenants.TryGetValue(turn.Tenant, out TenantQueue? tenant))
        {
            tenant.VirtualTime += (milliseconds - turn.Cost) / tenant.Weight;
        }
    }

    /// <summary>Takes items away that nobody wants any more.</summary>
    public IReadOnlyList<T> Remove(string tenant, Predicate<T> unwanted)
    {
        if (!_tenants.TryGetValue(tenant, out TenantQueue? queue))
        {
            return [];
        }

        Entry[] removed = [.. queue.Entries.Where(e => unwanted(e.Item))];
        foreach (Entry entry in removed)
        {
            _ = queue.Entries.Remove(entry);
            Count--;
            _units -= entry.Left;
        }

        return [.. removed.Select(e => e.Item)];
    }

    /// <summary>Takes everything away.</summary>
    public IReadOnlyList<T> Clear()
    {
        T[] items = [.. _tenants.Values.SelectMany(t => t.Entries).Select(e => e.Item)];
        _tenants.Clear();
        (Count, _units) = (0, 0);
        return items;
    }

    /// <summary>The milliseconds of takers' time that a tenant's waiting work is expected to take.</summary>
    public double Backlog(string tenant) => _tenants.TryGetValue(tenant, out TenantQueue? queue) ? queue.Entries.Sum(e => e.Left * e.Terms.UnitCost) : 0;

    private (List<Share<T>> Shares, double Cost) TakeFrom(TenantQueue tenant, int idle, int takers)
    {
        WorkTerms head = tenant.Entries.Min!.Terms;
        IEnumerable<Entry> together = head.Pass is null ? [tenant.Entries.Min!] : tenant.Entries.Where(e => head.Pass.Equals(e.Terms.Pass));
        Entry[] entries = [.. together];
        int room = Math.Clamp(Math.Min(Portion(entries.Sum(e => e.Left), idle), Portion(_units, takers)), 1, head.Capacity);
        var shares = new List<Share<T>>();
        double cost = 0;
        foreach (Entry entry in entries)
        {
            int count = Math.Min(room, entry.Left);
            if (count == 0)
            {
                break;
            }

            shares.Add(new Share<T>(entry.Item, entry.Terms.Units - entry.Left, count));
            cost += count * entry.Terms.UnitCost;
            room -= count;
            entry.Left -= count;
            _units -= count;
            if (entry.Left == 0)
            {
                _ = tenant.Entries.Remove(entry);
                Count--;
            }
        }

        return (shares, cost);
    }

    private static int Portion(int units, int takers) => (units + takers - 1) / takers;

    /// <summary>Forgets tenants that have nothing waiting and nothing to pay for.</summary>
    private void Sweep()
    {
        if (_tenants.Count >= 64)
        {
            foreach ((string tenant, TenantQueue queue) in _tenants.ToArray())
            {
                if (queue.Entries.Count == 0 && queue.VirtualTime <= _now - burst)
                {
                    _ = _tenants.Remove(tenant);
                }
            }
        }
    }

    private sealed class TenantQueue(double weight)
    {
        public double Weight => weight;

        public SortedSet<Entry> Entries { get; } = [];

        public double VirtualTime { get; set; }

        /// <summary>When it was served last, or had something to do again: among equals the one that has waited longest is next.</summary>
        public long Since { get; set; }
    }

    private sealed class Entry(T item, WorkTerms terms, long sequence) : IComparable<Entry>
    {
        public T Item => item;

        public WorkTerms Terms => terms;

        public int Left { get; set; } = terms.Units;

        private (int Priority, DateTimeOffset Deadline, long Sequence) Place { get; } = (terms.Priority, terms.Deadline ?? DateTimeOffset.MaxValue, sequence);

        public int CompareTo(Entry? other) => other is null ? 1 : Place.CompareTo(other.Place);
    }
}
