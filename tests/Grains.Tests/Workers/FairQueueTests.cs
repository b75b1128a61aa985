using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Tests.Workers;

public class FairQueueTests
{
    [Fact]
    public void Tenants_take_turns_however_much_one_of_them_has()
    {
        var queue = new FairQueue();
        for (int i = 0; i < 100; i++)
        {
            queue.Add(Item("many", $"{i}"));
        }

        queue.Add(Item("few", "0"));
        queue.Add(Item("few", "1"));
        queue.Add(Item("one", "0"));
        string[] order = [.. Enumerable.Range(0, 6).Select(_ => queue.Take()!).Select(i => $"{i.Tenant}{i.Job}")];
        Assert.Equal(["many0", "few0", "one0", "many1", "few1", "many2"], order);
    }

    [Fact]
    public void A_cancelled_job_leaves_the_others()
    {
        var queue = new FairQueue();
        var cancelled = new List<string>();
        foreach (string job in new[] { "a", "b", "a" })
        {
            queue.Add(new WorkItem("t", job, () => { }, () => cancelled.Add(job)));
        }

        queue.Add(new WorkItem("other", "a", () => { }, () => cancelled.Add("other")));
        queue.CancelJob("t", "a");
        Assert.Equal(["a", "a"], cancelled);
        Assert.Equal(["tb", "othera"], [.. Enumerable.Range(0, 2).Select(_ => queue.Take()!).Select(i => $"{i.Tenant}{i.Job}")]);
        queue.Add(Item("t", "c"));
        queue.CancelJob("t", "c");
        queue.Add(Item("other", "d"));
        Assert.Equal("d", queue.Take()!.Job);
    }

    [Fact]
    public async Task Completion_cancels_what_waits_and_frees_the_takers()
    {
        var queue = new FairQueue();
        Task<WorkItem?> taker = Task.Factory.StartNew(queue.Take, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        queue.Complete();
        Assert.Null(await taker);
        bool cancelled = false;
        queue.Add(new WorkItem("t", "j", () => { }, () => cancelled = true));
        Assert.True(cancelled);
    }

    private static WorkItem Item(string tenant, string job) => new(tenant, job, () => { }, () => { });
}
