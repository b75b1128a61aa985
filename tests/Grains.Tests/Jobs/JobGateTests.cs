using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Jobs;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Jobs;

public class JobGateTests
{
    [Fact]
    public async Task One_tenants_jobs_leave_places_and_turns_to_others()
    {
        var gate = new JobGate(Options.Create(new WorkerOptions { RunningJobs = 4 }));
        Task<IDisposable>[] many = [.. Enumerable.Range(0, 10).Select(_ => gate.EnterAsync("many", CancellationToken.None))];
        Assert.Equal(3, many.Count(t => t.IsCompleted));
        Task<IDisposable> first = gate.EnterAsync("few", CancellationToken.None), second = gate.EnterAsync("few", CancellationToken.None);
        IDisposable place = await first;
        Assert.False(second.IsCompleted);
        (await many[0]).Dispose();
        (await many[1]).Dispose();

        // Two places went, one to each tenant.
        _ = await second;
        _ = await many[3];
        Assert.False(many[4].IsCompleted);
        place.Dispose();
        place.Dispose();
        _ = await Task.WhenAll(many.Take(5));
        Assert.False(many[5].IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_waiter_takes_no_place()
    {
        var gate = new JobGate(Options.Create(new WorkerOptions { RunningJobs = 1 }));
        IDisposable place = await gate.EnterAsync("a", CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task<IDisposable> cancelled = gate.EnterAsync("b", cancellation.Token);
        Task<IDisposable> next = gate.EnterAsync("b", CancellationToken.None);
        await cancellation.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        place.Dispose();
        _ = await next;
    }
}
