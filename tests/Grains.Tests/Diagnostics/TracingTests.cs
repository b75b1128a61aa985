using System.Collections.Concurrent;
using System.Diagnostics;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Tests.Diagnostics;

public sealed class TracingTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_job_that_goes_on_elsewhere_still_belongs_to_its_trace()
    {
        using var spans = new Recorder(Trace);
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        silos.Store.BeforeWrite = name => name.Contains("/values/", StringComparison.Ordinal) ? Task.FromException(new IOException("full")) : Task.CompletedTask;
        var trace = new TraceContext($"00-{Trace}-00f067aa0ba902b7-01", "vendor=kept");
        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes(), new JobSubmission { Model = "m", Version = "1", KeySet = "k", Trace = trace });
        await spans.WaitAsync("layer look-up");
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        Assert.Equal(JobPhase.Succeeded, (await silos.WaitForEndAsync("t", "j")).Phase);
        await silos.StopAllAsync();

        Activity[] jobs = spans.Of("job");
        Assert.Equal([false, true], jobs.Select(j => j.GetTagItem("blindgrain.job.resumed")));
        Assert.Equal(["running", "succeeded"], jobs.Select(j => j.GetTagItem("blindgrain.job.phase")));
        Assert.NotEqual(jobs[0].GetTagItem("blindgrain.silo"), jobs[1].GetTagItem("blindgrain.silo"));
        Assert.All(spans.All, s => Assert.Equal("vendor=kept", s.TraceStateString));
        Assert.All(jobs, j => Assert.Equal("00f067aa0ba902b7", j.ParentSpanId.ToString()));
        Assert.Contains(spans.Of("slice"), s => spans.Of("layer look-up").Single(l => l.SpanId == s.ParentSpanId).ParentSpanId == jobs[1].SpanId);
    }

    [Fact]
    public void A_state_that_is_too_long_to_be_kept_is_left_out_and_a_parent_that_is_none_begins_a_trace()
    {
        using var activity = new Activity("a");
        _ = activity.SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "vendor=" + new string('x', 600);
        Assert.Equal(new TraceContext(activity.Id!, null), TraceContext.Current);
        activity.TraceStateString = "vendor=1";
        Assert.Equal(new TraceContext(activity.Id!, "vendor=1"), TraceContext.Current);
        Assert.Equal(default, new TraceContext("nonsense", null).ToActivityContext());
    }

    [Fact]
    public void A_submission_asks_for_the_same_under_whatever_trace()
    {
        var submission = new JobSubmission { Model = "m", Version = "1", KeySet = "k", Trace = new TraceContext("a", null) };
        Assert.True(submission.AsksFor(submission with { Trace = null }));
        Assert.False(submission.AsksFor(submission with { Priority = 1 }));
    }

    /// <summary>Keeps what ended of the grains' spans of one trace.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Recorder(string trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = s => s.Name == GrainsTracing.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.TraceId.ToString() == trace)
                    {
                        _ended.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity[] All => [.. _ended];

        public Activity[] Of(string name) => [.. _ended.Where(a => a.OperationName == name)];

        public async Task WaitAsync(string name)
        {
            while (Of(name).Length == 0)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
