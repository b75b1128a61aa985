using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Jobs;
using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlindGrain.Grains.Tests.Jobs;

/// <summary>The dispatcher against workers that answer as told; real ones are met in <see cref="InferenceJobTests"/>.</summary>
public class SliceDispatcherTests
{
    private const int Count = 32;
    private static readonly LookupWork s_work = TestModel.Shared.Model.Work(1);

    [Fact]
    public async Task A_busy_worker_is_asked_again_and_slices_keep_their_places()
    {
        var workers = new FakeWorkers(1, (_, request, call) => call <= 3 ? Busy() : Echo(request));
        LweBatch source = Source();
        int done = 0;
        LweBatch result = await Run(workers, source, (_, count) => done += count, CancellationToken.None);
        Assert.Equal(source.Data, result.Data);
        Assert.Equal(Count, done);
    }

    [Fact]
    public async Task A_slice_of_a_failing_silo_goes_to_another()
    {
        var workers = new FakeWorkers(2, (silo, request, _) => silo == 0 ? throw new SiloUnavailableException() : Echo(request, silo));
        LweBatch source = Source();
        var silos = new HashSet<string>();
        LweBatch result = await Run(workers, source, (silo, _) => silos.Add(silo), CancellationToken.None);
        Assert.Equal(source.Data, result.Data);
        _ = Assert.Single(silos);
    }

    [Fact]
    public async Task A_silo_that_leaves_the_cluster_is_not_waited_for()
    {
        var never = new TaskCompletionSource<SliceResult>();
        var workers = new FakeWorkers(2, (silo, request, _) => silo == 0 ? never.Task : Echo(request));
        LweBatch source = Source();
        Task<LweBatch> run = Run(workers, source, (_, _) => { }, CancellationToken.None);
        await workers.Asked(0);
        workers.Lose(0);
        Assert.Equal(source.Data, (await run.WaitAsync(TimeSpan.FromSeconds(60))).Data);
    }

    [Fact]
    public async Task A_slice_that_fails_everywhere_fails_the_job_with_a_reason()
    {
        var workers = new FakeWorkers(2, (_, _, _) => throw new TimeoutException());
        JobFailedException e = await Assert.ThrowsAsync<JobFailedException>(() => Dispatcher(workers, tries: 2).RunAsync(s_work, Source(), (_, _) => { }, CancellationToken.None));
        Assert.Equal(JobErrors.WorkerUnavailable, e.Code);
        Assert.Contains("table 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_slice_fails_the_job_at_once()
    {
        var workers = new FakeWorkers(1, (_, _, _) => Task.FromResult(new SliceResult { Silo = "s", ErrorCode = JobErrors.KeySetNotFound, Error = "gone" }));
        JobFailedException e = await Assert.ThrowsAsync<JobFailedException>(() => Dispatcher(workers).RunAsync(s_work, Source(), (_, _) => { }, CancellationToken.None));
        Assert.Equal((JobErrors.KeySetNotFound, "gone"), (e.Code, e.Message));
    }

    [Fact]
    public async Task An_answer_of_the_wrong_size_is_no_answer()
    {
        var workers = new FakeWorkers(1, (_, request, call) => call == 1
            ? Task.FromResult(new SliceResult { Silo = "s", Ciphertexts = request.Ciphertexts with { Data = request.Ciphertexts.Data[..^4] } })
            : Echo(request));
        LweBatch source = Source();
        Assert.Equal(source.Data, (await Run(workers, source, (_, _) => { }, CancellationToken.None)).Data);
    }

    [Fact]
    public async Task Cancelling_tells_the_workers_to_drop_what_waits()
    {
        var never = new TaskCompletionSource<SliceResult>();
        var workers = new FakeWorkers(1, (_, _, _) => never.Task);
        using var cancellation = new CancellationTokenSource();
        Task<LweBatch> run = Run(workers, Source(), (_, _) => { }, cancellation.Token);
        await workers.Asked(0);
        await cancellation.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal([(0, "t/j", (SliceName?)null)], workers.Cancelled);
    }

    [Fact]
    public async Task A_silo_that_leaves_in_good_order_finishes_what_it_has_and_gets_no_more()
    {
        var first = new TaskCompletionSource();
        var workers = new FakeWorkers(1, async (_, request, _) =>
        {
            await first.Task;
            return await Echo(request);
        });
        LweBatch source = Source();
        Task<LweBatch> run = Run(workers, source, (_, _) => { }, CancellationToken.None);
        await workers.Asked(0);
        workers.Leave(0);
        int sent = workers.Requests.Count;
        first.SetResult();
        await Task.Delay(700);
        Assert.Equal(sent, workers.Requests.Count);
        Assert.False(run.IsCompleted);
        workers.Return(0);
        Assert.Equal(source.Data, (await run.WaitAsync(TimeSpan.FromSeconds(60))).Data);
        Assert.Equal(Count, workers.Requests.Sum(r => Rotations(r.Request)));
    }

    [Fact]
    public async Task A_silent_silos_slices_go_elsewhere_and_its_late_results_do_no_harm()
    {
        // The first silo asked says nothing more until the other has done all the work.
        var stopped = new TaskCompletionSource();
        int? silent = null;
        var workers = new FakeWorkers(2, async (silo, request, _) =>
        {
            silent ??= silo;
            if (silo == silent)
            {
                await stopped.Task;
            }

            return await Echo(request, silo);
        });
        LweBatch source = Source();
        var silos = new List<string>();
        SliceDispatcher dispatcher = Dispatcher(workers, silentAfter: 1);
        LweBatch result = Assert.Single(await dispatcher.RunAsync(s_work, source, (silo, count) => silos.AddRange(Enumerable.Repeat(silo, count)), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(source.Data, result.Data);
        Assert.Equal(Enumerable.Repeat($"{1 - silent}", Count), silos);
        Assert.Contains(workers.Cancelled, c => c.Silo == silent && c.Slice is not null);

        // Answers to slices that are done are nobody's, in the next layer too.
        stopped.SetResult();
        silos.Clear();
        Assert.Equal(source.Data, Assert.Single(await dispatcher.RunAsync(s_work, source, (silo, count) => silos.AddRange(Enumerable.Repeat(silo, count)), CancellationToken.None)).Data);
        Assert.Equal(Count, silos.Count);
    }

    [Fact]
    public async Task A_straggler_is_sent_a_second_time_and_the_loser_is_told_to_stop()
    {
        // One slice hangs on a silo that says that it is at it.
        var never = new TaskCompletionSource<SliceResult>();
        (int Silo, SliceName Name)? hung = null;
        var workers = new FakeWorkers(2, (silo, request, call) =>
        {
            if (call == 2)
            {
                hung = (silo, request.Name);
                return never.Task;
            }

            return Echo(request);
        });
        workers.Holds = silo => silo == hung?.Silo ? [hung.Value.Name] : [];
        LweBatch source = Source();
        Assert.Equal(source.Data, (await Run(workers, source, (_, _) => { }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60))).Data);
        Assert.Equal([hung!.Value.Silo, 1 - hung.Value.Silo], workers.Requests.Where(r => r.Request.Name == hung.Value.Name).Select(r => r.Silo));
        Assert.Equal([(hung.Value.Silo, "t/j", hung.Value.Name)], workers.Cancelled);
    }

    [Fact]
    public async Task A_slice_that_its_silo_knows_nothing_of_was_lost_and_is_sent_again()
    {
        var never = new TaskCompletionSource<SliceResult>();
        var workers = new FakeWorkers(1, (_, request, call) => call == 1 ? never.Task : Echo(request)) { Holds = _ => [] };
        LweBatch source = Source();
        Assert.Equal(source.Data, (await Run(workers, source, (_, _) => { }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60))).Data);
        Assert.Equal(2, workers.Requests.Count(r => r.Request.Name.First == 0));
    }

    [Fact]
    public async Task Slices_say_how_urgent_they_are_and_whether_a_better_home_is_merely_busy()
    {
        var workers = new FakeWorkers(2, (_, request, _) => Echo(request));
        DateTimeOffset deadline = DateTimeOffset.UnixEpoch.AddYears(1000);
        _ = await Dispatcher(workers, urgency: new JobUrgency(2, deadline)).RunAsync(s_work, Source(), (_, _) => { }, CancellationToken.None);
        Assert.All(workers.Requests, r => Assert.Equal((2, deadline), (r.Request.Priority, r.Request.Deadline)));
        int home = workers.Requests.First().Silo;
        Assert.All(workers.Requests, r => Assert.Equal(r.Silo != home, r.Request.IsSpill));
    }

    private static SliceDispatcher Dispatcher(FakeWorkers workers, int tries = 6, double silentAfter = 3, JobUrgency? urgency = null) => new(
        new JobTarget("t", "j", "m", "1", "k", "", "") { Urgency = urgency ?? new JobUrgency(5, null) },
        TestModel.Shared.Model,
        workers,
        1,
        new CostBook<LookupPass>(),
        new WorkerOptions { SliceTries = tries, SilentAfter = TimeSpan.FromSeconds(silentAfter) },
        TimeProvider.System,
        NullLogger.Instance);

    private static int Rotations(SliceRequest request) => new LweBatch(TestModel.Shared.Model.DimensionOf(0), request.Ciphertexts.Data).Count;

    private static async Task<LweBatch> Run(FakeWorkers workers, LweBatch source, Action<string, int> done, CancellationToken cancellation) =>
        Assert.Single(await Dispatcher(workers).RunAsync(s_work, source, done, cancellation));

    private static LweBatch Source()
    {
        var batch = new LweBatch(TestModel.Shared.Model.DimensionOf(0), Count);
        new Random(5).NextBytes(batch.Data);
        return batch;
    }

    private static Task<SliceResult> Busy() => Task.FromResult(new SliceResult { Silo = "s", BusyRetryAfter = TimeSpan.FromMilliseconds(5) });

    private static Task<SliceResult> Echo(SliceRequest request, int silo = 0) => Task.FromResult(new SliceResult { Silo = $"{silo}", Ciphertexts = request.Ciphertexts, Computed = TimeSpan.FromMilliseconds(3) });
}
