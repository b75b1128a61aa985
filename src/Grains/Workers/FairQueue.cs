namespace BlindGrain.Grains.Workers;

/// <summary>
/// A queue a tenant, served in turn: a tenant with a thousand items and one with a single item each get every second turn.
/// Thread-safe; takers block, so they are threads of their own.
/// </summary>
internal sealed class FairQueue
{
    private readonly object _gate = new();
    private readonly Dictionary<string, LinkedList<WorkItem>> _tenants = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private bool _completed;

    /// <summary>Adds an item, or cancels it where the queue is completed.</summary>
    public void Add(WorkItem item)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                if (!_tenants.TryGetValue(item.Tenant, out LinkedList<WorkItem>? items))
                {
                    _tenants.Add(item.Tenant, items = new LinkedList<WorkItem>());
                    _turns.Enqueue(item.Tenant);
                }

                _ = items.AddLast(item);
                Monitor.Pulse(_gate);
                return;
            }
        }

        item.Cancel();
    }

    /// <summary>Waits for an item; null once the queue is completed.</summary>
    public WorkItem? Take()
    {
        lock (_gate)
        {
            string? tenant;
            while (!_turns.TryDequeue(out tenant))
            {
                if (_completed)
                {
                    return null;
                }

                _ = Monitor.Wait(_gate);
            }

            LinkedList<WorkItem> items = _tenants[tenant];
            WorkItem item = items.First!.Value;
            items.RemoveFirst();
            if (items.Count == 0)
            {
                _ = _tenants.Remove(tenant);
            }
            else
            {
                _turns.Enqueue(tenant);
            }

            return item;
        }
    }

    /// <summary>Takes a job's waiting items away and cancels them.</summary>
    public void CancelJob(string tenant, string job)
    {
        var cancelled = new List<WorkItem>();
        lock (_gate)
        {
            if (_tenants.TryGetValue(tenant, out LinkedList<WorkItem>? items))
            {
                cancelled.AddRange(items.Where(i => i.Job == job));
                foreach (WorkItem item in cancelled)
                {
                    _ = items.Remove(item);
                }

                if (items.Count == 0)
                {
                    _ = _tenants.Remove(tenant);
                    string[] others = [.. _turns.Where(t => t != tenant)];
                    _turns.Clear();
                    Array.ForEach(others, _turns.Enqueue);
                }
            }
        }

        cancelled.ForEach(i => i.Cancel());
    }

    /// <summary>Cancels what waits and lets the takers go.</summary>
    public void Complete()
    {
        WorkItem[] waiting;
        lock (_gate)
        {
            _completed = true;
            waiting = [.. _tenants.Values.SelectMany(i => i)];
            _tenants.Clear();
            _turns.Clear();
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(waiting, i => i.Cancel());
    }
}
