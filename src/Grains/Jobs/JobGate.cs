using BlindGrain.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Bounds the jobs that run on a silo at the same time, since each holds ciphertexts in memory. Tenants take turns, and one
/// tenant gets three quarters of the places at most, so that another one's single job soon finds one. Thread-safe.
/// </summary>
internal sealed class JobGate(IOptions<WorkerOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<TaskCompletionSource<IDisposable>>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private readonly int _places = options.Value.RunningJobs;
    private readonly int _perTenant = Math.Max(1, options.Value.RunningJobs - (options.Value.RunningJobs / 4));
    private int _taken;

    /// <summary>Waits for a place; dispose it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async Task<IDisposable> EnterAsync(string tenant, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_waiting.TryGetValue(tenant, out Queue<TaskCompletionSource<IDisposable>>? queue))
            {
                _waiting.Add(tenant, queue = new Queue<TaskCompletionSource<IDisposable>>());
                _turns.Enqueue(tenant);
            }

            queue.Enqueue(waiter);
            HandOut();
        }

        using CancellationTokenRegistration registration = cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        return await waiter.Task;
    }

    /// <summary>Gives free places to waiters, tenant by tenant.</summary>
    private void HandOut()
    {
        // Round and round until a whole round gives nobody a place; the order after it is the order before it.
        int unserved = 0;
        while (unserved < _turns.Count)
        {
            string tenant = _turns.Dequeue();
            Queue<TaskCompletionSource<IDisposable>> queue = _waiting[tenant];
            unserved = TryHandOut(tenant, queue) ? 0 : unserved + 1;
            if (queue.Count == 0)
            {
                _ = _waiting.Remove(tenant);
                unserved = 0;
            }
            else
            {
                _turns.Enqueue(tenant);
            }
        }
    }

    private bool TryHandOut(string tenant, Queue<TaskCompletionSource<IDisposable>> queue)
    {
        int running = _running.GetValueOrDefault(tenant);
        while (_taken < _places && running < _perTenant && queue.TryDequeue(out TaskCompletionSource<IDisposable>? waiter))
        {
            if (waiter.TrySetResult(new Place(this, tenant)))
            {
                _taken++;
                _running[tenant] = running + 1;
                return true;
            }
        }

        return false;
    }

    private void Leave(string tenant)
    {
        lock (_gate)
        {
            _taken--;
            if (--_running[tenant] == 0)
            {
                _ = _running.Remove(tenant);
            }

            HandOut();
        }
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
