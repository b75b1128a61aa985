using BlindGrain.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Workers;

/// <summary>
/// A silo's own threads for all computing on ciphertexts. The grain scheduler and the thread pool stay free for messages,
/// however busy these threads are.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly FairQueue _queue = new();
    private readonly Thread[] _threads;

    public WorkerPool(IOptions<WorkerOptions> options)
    {
        _threads = new Thread[options.Value.EffectiveThreads];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"BlindGrain worker {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads.</summary>
    public int Threads => _threads.Length;

    /// <summary>Runs <paramref name="work"/> on one of the threads when its tenant's turn comes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the job's work was dropped, before it began.</exception>
    public Task<T> RunAsync<T>(string tenant, string job, Func<T> work, CancellationToken cancellation = default)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(new WorkItem(tenant, job, Run, () => _ = completion.TrySetCanceled(CancellationToken.None)));
        return completion.Task;

        void Run()
        {
            if (cancellation.IsCancellationRequested)
            {
                _ = completion.TrySetCanceled(cancellation);
                return;
            }

            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        }
    }

    /// <summary>Drops what waits of a job.</summary>
    public void CancelJob(string tenant, string job) => _queue.CancelJob(tenant, job);

    public void Dispose()
    {
        _queue.Complete();
        Array.ForEach(_threads, t => t.Join());
    }

    private void Work()
    {
        while (_queue.Take() is { } item)
        {
            item.Run();
        }
    }
}
