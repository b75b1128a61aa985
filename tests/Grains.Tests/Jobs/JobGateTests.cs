using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Jobs;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Jobs;

public class JobGateTests
{
    private static readonly JobUrgency s_usual = new(5, null);

    [Fact]
    public async Task One_tenants_jobs_leave_places_and_turns_to_others()
    {
        var gate = new JobGate(Options.Create(new WorkerOptions { RunningJobs = 4 }));
        Task<IDisposable>[] many = [.. Enumerable.Range(0, 10).Select(_ => gate.EnterAsync("many", s_usual, CancellationToken.None))];
        Assert.Equal(3, many.Count(t => t.IsCompleted));
        Task<IDisposable> first = gate.EnterAsync("few", s_usual, CancellationToken.None), second = gate.EnterAsync("few", s_usual, CancellationToken.None);
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
        IDisposable place = await gate.EnterAsync("a", s_usual, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task<IDisposable> cancelled = gate.EnterAsync("b", s_usual, cancellation.Token);
        Task<IDisposable> next = gate.EnterAsync("b", s_usual, CancellationToken.None);
        await cancellation.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        place.Dispose();
        _ = await next;
    }

    [Fact]
    public async Task The_most_urgent_job_of_a_tenant_is_next()
    {
        var gate = new JobGate(Options.Create(new WorkerOptions { RunningJobs = 1 }));
        IDisposable place = await gate.EnterAsync("t", s_usual, CancellationToken.None);
        var order = new List<string>();
        Task[] waiting = [Enter("usual", s_usual), Enter("due", s_usual with { Deadline = DateTimeOffset.UnixEpoch }), Enter("first", s_usual with { Priority = 1 })];
        place.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal(["first", "due", "usual"], order);

        async Task Enter(string name, JobUrgency urgency)
        {
            using IDisposable entered = await gate.EnterAsync("t", urgency, CancellationToken.None);
            order.Add(name);
        }
    }

    [Fact]
    public async Task Places_follow_the_weights()
    {
        var options = new WorkerOptions { RunningJobs = 8 };
        options.TenantWeights["heavy"] = 3;
        var gate = new JobGate(Options.Create(options));
        IDisposable[] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => gate.EnterAsync("first", s_usual, CancellationToken.None)).ToArray());
        IDisposable[] rest = await Task.WhenAll(gate.EnterAsync("second", s_usual, CancellationToken.None), gate.EnterAsync("second", s_usual, CancellationToken.None));
        Task<IDisposable>[] heavy = [.. Enumerable.Range(0, 10).Select(_ => gate.EnterAsync("heavy", s_usual, CancellationToken.None))];
        Task<IDisposable>[] light = [.. Enumerable.Range(0, 10).Select(_ => gate.EnterAsync("light", s_usual, CancellationToken.None))];
        foreach (IDisposable place in all.Concat(rest))
        {
            place.Dispose();
        }

        _ = await Task.WhenAll([.. heavy[..6], .. light[..2]]);
        Assert.DoesNotContain([.. heavy[6..], .. light[2..]], t => t.IsCompleted);
    }
}
