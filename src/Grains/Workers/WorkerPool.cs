using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Scheduling;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Workers;

/// <summary>
/// A silo's own threads for all computing on ciphertexts. The grain scheduler and the thread pool stay free for messages,
/// however busy these threads are. Tenants share the threads' time by their weights; what work costs is measured.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>The kind of cost of everything that is no slice.</summary>
    private const string Calls = "calls";

    private readonly CostBook<object> _costs = new();
    private readonly WorkQueue _queue;
    private readonly Thread[] _threads;
    private readonly TimeProvider _time;

    public WorkerPool(IOptions<WorkerOptions> options, TimeProvider time)
    {
        _time = time;
        _queue = new WorkQueue(new FairQueue<WorkItem>(options.Value.WeightOf, options.Value.TenantBurst.TotalMilliseconds), options.Value.EffectiveThreads);
        _threads = new Thread[options.Value.EffectiveThreads];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"BlindGrain worker {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads.</summary>
    public int Threads => _threads.Length;

    /// <summary>Runs <paramref name="work"/> on one of the threads when its turn comes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before it began.</exception>
    public Task<T> RunAsync<T>(string tenant, string job, JobUrgency urgency, Func<T> work, CancellationToken cancellation = default)
    {
        var item = new CallItem<T>(tenant, job, work, cancellation);
        _queue.Add(item, new WorkTerms(tenant, urgency.Priority, urgency.Deadline, 1, _costs.Find(Calls) ?? 1));
        return item.Completion;
    }

    /// <summary>Computes a slice when its turn comes, alone or together with others.</summary>
    /// <exception cref="OperationCanceledException">Dropped before it was done.</exception>
    public Task<LweBatch> RunAsync(SliceItem slice, JobUrgency urgency)
    {
        _queue.Add(slice, new WorkTerms(slice.Tenant, urgency.Priority, urgency.Deadline, slice.Rotations, _costs.Find(slice.LookupPass) ?? 1, slice.Pass, slice.LookupPass.Capacity));
        return slice.Completion;
    }

    /// <summary>Drops what waits of a slice; what is being computed of it ends within a pass.</summary>
    public void Drop(SliceItem slice)
    {
        _queue.Remove(slice.Tenant, item => item == slice);

        // It may have been taken whole already.
        slice.Cancel();
    }

    /// <summary>How long a tenant's waiting work will take where it has the threads to itself.</summary>
    public TimeSpan Backlog(string tenant) => TimeSpan.FromMilliseconds(_queue.Backlog(tenant) / _threads.Length);

    public void Dispose()
    {
        _queue.Complete();
        Array.ForEach(_threads, t => t.Join());
    }

    private void Work()
    {
        while (_queue.Take() is { } turn)
        {
            long begun = _time.GetTimestamp();
            if (turn.Shares[0].Item is ICall call)
            {
                call.Run();
            }
            else
            {
                SliceItem.Run(turn.Shares, _time);
            }

            double milliseconds = _time.GetElapsedTime(begun).TotalMilliseconds;
            _costs.Observe(turn.Shares[0].Item is SliceItem slice ? slice.LookupPass : Calls, turn.Shares.Sum(s => s.Count), milliseconds);
            _queue.Settle(turn, milliseconds);
        }
    }
}
