using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Bounds the jobs that run on a silo at the same time, since each holds ciphertexts in memory. A free place goes to the tenant that has the fewest for its weight, and one
/// tenant gets three quarters of the places at most, so that another one's single job soon finds one; inside a tenant to the most urgent job. Thread-safe.
/// </summary>
internal sealed class JobGate(IOptions<WorkerOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly int _places = options.Value.RunningJobs;
    private readonly int _perTenant = Math.Max(1, options.Value.RunningJobs - (options.Value.RunningJobs / 4));
    private int _taken;
    private long _turn;

    /// <summary>Waits for a place; dispose it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async Task<IDisposable> EnterAsync(string tenant, JobUrgency urgency, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_lines.TryGetValue(tenant, out Line? line))
            {
                _lines.Add(tenant, line = new Line(options.Value.WeightOf(tenant)));
            }

            line.Waiting.Enqueue(waiter, (urgency.Priority, urgency.Deadline ?? DateTimeOffset.MaxValue, ++_turn));
            HandOut();
        }

        using CancellationTokenRegistration registration = cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        return await waiter.Task;
    }

    private void HandOut()
    {
        while (_taken < _places)
        {
            string? next = null;
            foreach ((string tenant, Line line) in _lines)
            {
                if (line.Waiting.Count > 0 && line.Running < _perTenant && (next is null || line.IsBefore(_lines[next])))
                {
                    next = tenant;
                }
            }

            if (next is null)
            {
                return;
            }

            Line served = _lines[next];
            if (served.Waiting.Dequeue().TrySetResult(new Place(this, next)))
            {
                _taken++;
                served.Running++;
                served.LastServed = ++_turn;
            }
            else
            {
                // It was cancelled while it waited.
                Forget(next, served);
            }
        }
    }

    private void Leave(string tenant)
    {
        lock (_gate)
        {
            _taken--;
            Line line = _lines[tenant];
            line.Running--;
            Forget(tenant, line);
            HandOut();
        }
    }

    private void Forget(string tenant, Line line)
    {
        if (line is { Running: 0, Waiting.Count: 0 })
        {
            _ = _lines.Remove(tenant);
        }
    }

    private sealed class Line(double weight)
    {
        public PriorityQueue<TaskCompletionSource<IDisposable>, (int Priority, DateTimeOffset Deadline, long Turn)> Waiting { get; } = new();

        public int Running { get; set; }

        public long LastServed { get; set; }

        /// <summary>Whether a place is this tenant's rather than another's: fewer places for the weight, then the longest since it was served.</summary>
        public bool IsBefore(Line other) => (Running / weight, LastServed).CompareTo((other.Running / other.Weight, other.LastServed)) < 0;

        private double Weight => weight;
    }

    private sealed class Place(JobGate gate, string tenant) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
            {
                gate.Leave(tenant);
            }
        }
    }
}
