using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Workers;

public class WorkerPoolTests
{
    private static readonly JobUrgency s_usual = new(5, null);

    [Fact]
    public async Task Work_runs_on_the_pools_own_threads_and_its_errors_come_back()
    {
        using WorkerPool pool = Pool(2);
        (bool isPoolThread, string? name) = await pool.RunAsync("t", "j", s_usual, () => (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name));
        Assert.False(isPoolThread);
        Assert.StartsWith("BlindGrain worker", name, StringComparison.Ordinal);
        _ = await Assert.ThrowsAsync<FormatException>(() => pool.RunAsync<int>("t", "j", s_usual, () => throw new FormatException()));
        Assert.Equal(5, await pool.RunAsync("t", "j", s_usual, () => 5));
    }

    [Fact]
    public async Task Cancelled_work_does_not_run_and_the_urgent_runs_first()
    {
        using WorkerPool pool = Pool(1);
        using var block = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        Task<bool> running = pool.RunAsync("t", "j", s_usual, () =>
        {
            begun.Set();
            return block.Wait(TimeSpan.FromSeconds(30));
        });
        Assert.True(begun.Wait(TimeSpan.FromSeconds(30)));
        var order = new List<int>();
        using var cancellation = new CancellationTokenSource();
        Task<bool> cancelled = Note(s_usual, 0, cancellation.Token), usual = Note(s_usual, 2, default), urgent = Note(s_usual with { Priority = 1 }, 1, default);
        await cancellation.CancelAsync();
        block.Set();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _ = await Task.WhenAll(running, usual, urgent);
        Assert.Equal([1, 2], order);

        Task<bool> Note(JobUrgency urgency, int number, CancellationToken token) => pool.RunAsync(
            "t",
            "j",
            urgency,
            () =>
            {
                order.Add(number);
                return true;
            },
            token);
    }

    private static WorkerPool Pool(int threads) => new(Options.Create(new WorkerOptions { Threads = threads }), TimeProvider.System);
}
