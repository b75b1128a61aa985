using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Workers;

/// <summary>The fair queue that worker threads block on. Thread-safe; takers are threads of their own.</summary>
/// <param name="queue">The order.</param>
/// <param name="takers">The threads that take from it.</param>
internal sealed class WorkQueue(FairQueue<WorkItem> queue, int takers)
{
    private readonly object _gate = new();
    private int _idle;
    private bool _completed;

    /// <summary>Adds an item, or cancels it where the queue is completed.</summary>
    public void Add(WorkItem item, WorkTerms terms)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                queue.Add(item, terms);

                // As many takers as there are units: idle threads share a slice.
                for (int i = Math.Min(terms.Units, _idle); i > 0; i--)
                {
                    Monitor.Pulse(_gate);
                }

                return;
            }
        }

        item.Cancel();
    }

    /// <summary>Waits for something to do; null once the queue is completed.</summary>
    public Turn<WorkItem>? Take()
    {
        lock (_gate)
        {
            while (!_completed)
            {
                if (queue.TryTake(1 + _idle, takers) is { } turn)
                {
                    return turn;
                }

                _idle++;
                try
                {
                    _ = Monitor.Wait(_gate);
                }
                finally
                {
                    _idle--;
                }
            }

            return null;
        }
    }

    /// <summary>Charges a turn by what it did cost.</summary>
    public void Settle(Turn<WorkItem> turn, double milliseconds)
    {
        lock (_gate)
        {
            queue.Settle(turn, milliseconds);
        }
    }

    /// <summary>Takes a tenant's items away that nobody wants any more, and cancels them.</summary>
    public void Remove(string tenant, Predicate<WorkItem> unwanted)
    {
        IReadOnlyList<WorkItem> removed;
        lock (_gate)
        {
            removed = queue.Remove(tenant, unwanted);
        }

        Cancel(removed);
    }

    /// <summary>The milliseconds of takers' time that a tenant's waiting work is expected to take.</summary>
    public double Backlog(string tenant)
    {
        lock (_gate)
        {
            return queue.Backlog(tenant);
        }
    }

    /// <summary>Cancels what waits and lets the takers go.</summary>
    public void Complete()
    {
        IReadOnlyList<WorkItem> waiting;
        lock (_gate)
        {
            _completed = true;
            waiting = queue.Clear();
            Monitor.PulseAll(_gate);
        }

        Cancel(waiting);
    }

    private static void Cancel(IReadOnlyList<WorkItem> items)
    {
        foreach (WorkItem item in items)
        {
            item.Cancel();
        }
    }
}
