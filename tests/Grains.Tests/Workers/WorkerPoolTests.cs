using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Workers;

public class WorkerPoolTests
{
    [Fact]
    public async Task Work_runs_on_the_pools_own_threads_and_its_errors_come_back()
    {
        using var pool = new WorkerPool(Options.Create(new WorkerOptions { Threads = 2 }));
        (bool isPoolThread, string? name) = await pool.RunAsync("t", "j", () => (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name));
        Assert.False(isPoolThread);
        Assert.StartsWith("BlindGrain worker", name, StringComparison.Ordinal);
        _ = await Assert.ThrowsAsync<FormatException>(() => pool.RunAsync<int>("t", "j", () => throw new FormatException()));
        Assert.Equal(5, await pool.RunAsync("t", "j", () => 5));
    }

    [Fact]
    public async Task A_cancelled_jobs_waiting_work_is_dropped()
    {
        using var pool = new WorkerPool(Options.Create(new WorkerOptions { Threads = 1 }));
        using var block = new ManualResetEventSlim();
        Task<int> running = pool.RunAsync("t", "j", () => block.Wait(TimeSpan.FromSeconds(30)) ? 1 : 0);
        Task<int> waiting = pool.RunAsync("t", "j", () => 2);
        Task<int> other = pool.RunAsync("t", "k", () => 3);
        using var cancellation = new CancellationTokenSource();
        Task<int> tokened = pool.RunAsync("t", "k", () => 4, cancellation.Token);
        await cancellation.CancelAsync();

        // The first may not have been taken yet, and then it is dropped too.
        pool.CancelJob("t", "j");
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        block.Set();
        Assert.Equal(3, await other);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tokened);
        _ = await Task.WhenAny(running);
    }
}
