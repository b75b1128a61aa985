using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Tests.Workers;

public class WorkQueueTests
{
    [Fact]
    public async Task Completion_cancels_what_waits_and_frees_the_takers()
    {
        WorkQueue queue = Queue();
        Task<Turn<WorkItem>?> taker = Task.Factory.StartNew(queue.Take, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        queue.Complete();
        Assert.Null(await taker);
        CallItem<int> late = Add(queue);
        Assert.True(late.Completion.IsCanceled);
    }

    [Fact]
    public void What_is_removed_is_cancelled()
    {
        WorkQueue queue = Queue();
        CallItem<int> first = Add(queue), second = Add(queue);
        queue.Remove("t", i => i == first);
        Assert.True(first.Completion.IsCanceled);
        Assert.Same(second, Assert.Single(queue.Take()!.Shares).Item);
    }

    private static WorkQueue Queue() => new(new FairQueue<WorkItem>(_ => 1, 0), takers: 2);

    private static CallItem<int> Add(WorkQueue queue)
    {
        var item = new CallItem<int>("t", "j", () => 1, CancellationToken.None);
        queue.Add(item, new WorkTerms("t", 5, null, 1, 1));
        return item;
    }
}
