using System.Collections.Concurrent;
using System.Net;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Jobs;
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
        var workers = new FakeWorkers(2, (silo, request, _) => silo == 0 ? throw new SiloUnavailableException() : Echo(request));
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
        Assert.Equal(["t/j"], workers.Cancelled);
    }

    private static SliceDispatcher Dispatcher(FakeWorkers workers, int tries = 6) =>
        new(new JobTarget("t", "j", "m", "1", "k", "", ""), TestModel.Shared.Model, workers, 1, tries, NullLogger.Instance);

    private static async Task<LweBatch> Run(FakeWorkers workers, LweBatch source, Action<string, int> done, CancellationToken cancellation) =>
        Assert.Single(await Dispatcher(workers).RunAsync(s_work, source, done, cancellation));

    private static LweBatch Source()
    {
        var batch = new LweBatch(TestModel.Shared.Model.DimensionOf(0), Count);
        new Random(5).NextBytes(batch.Data);
        return batch;
    }

    private static Task<SliceResult> Busy() => Task.FromResult(new SliceResult { Silo = "s", BusyRetryAfter = TimeSpan.FromMilliseconds(5) });

    private static Task<SliceResult> Echo(SliceRequest request) => Task.FromResult(new SliceResult { Silo = "s", Ciphertexts = request.Ciphertexts });

    private sealed class FakeWorkers(int silos, Func<int, SliceRequest, int, Task<SliceResult>> answer) : IWorkers
    {
        private readonly List<SiloAddress> _silos = [.. Enumerable.Range(0, silos).Select(i => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + i), 1))];
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _asked = new();
        private int _calls;

        public List<string> Cancelled { get; } = [];

        public IReadOnlyCollection<SiloAddress> Active
        {
            get
            {
                lock (_silos)
                {
                    return [.. _silos];
                }
            }
        }

        public IWorkerService On(SiloAddress silo) => new FakeWorker(this, silo.Endpoint.Port - 1);

        public Task Asked(int silo) => AskedSource(silo).Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void Lose(int silo)
        {
            lock (_silos)
            {
                _ = _silos.RemoveAll(s => s.Endpoint.Port == silo + 1);
            }
        }

        private TaskCompletionSource AskedSource(int silo) => _asked.GetOrAdd(silo, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        private sealed class FakeWorker(FakeWorkers workers, int silo) : IWorkerService
        {
            public async Task<SliceResult> Execute(SliceRequest request)
            {
                int call = Interlocked.Increment(ref workers._calls);
                _ = workers.AskedSource(silo).TrySetResult();
                return await workers.Answer(silo, request, call);
            }

            public Task Evict(string tenant, string keySet) => Task.CompletedTask;

            public Task CancelJob(string tenant, string job)
            {
                workers.Cancelled.Add($"{tenant}/{job}");
                return Task.CompletedTask;
            }
        }

        private Task<SliceResult> Answer(int silo, SliceRequest request, int call) => answer(silo, request, call);
    }
}
