using System.Diagnostics.Metrics;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>
/// The measurements of one silo, under OpenTelemetry's naming rules. Tenants, jobs and key sets are never dimensions: their number is unbounded and
/// they are nobody else's business. docs/operations.md lists all instruments.
/// </summary>
internal sealed class GrainsMetrics
{
    /// <summary>The name of the meter, to be given to whatever collects.</summary>
    public const string MeterName = "BlindGrain.Grains";

    /// <summary>What <see cref="LoadMeter"/> listens to.</summary>
    public const string BootstrapsName = "blindgrain.bootstraps", PendingName = "blindgrain.bootstraps.pending";

    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000] };
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _pending;
    private readonly Counter<long> _bootstraps;
    private readonly Counter<long> _slices;
    private readonly UpDownCounter<long> _activeJobs;
    private readonly Counter<long> _jobs;
    private readonly Histogram<double> _jobDuration;
    private readonly Counter<long> _keyRequests;
    private readonly Counter<long> _evictions;
    private readonly Histogram<double> _loadDuration;

    public GrainsMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _pending = _meter.CreateUpDownCounter<long>(PendingName, "{bootstrap}", "Bootstraps of this silo's unfinished jobs that are not computed yet, wherever they will be computed.");
        _bootstraps = _meter.CreateCounter<long>(BootstrapsName, "{bootstrap}", "Bootstraps that this silo's worker computed.");
        _slices = _meter.CreateCounter<long>("blindgrain.slices", "{slice}", "Slices that came to this silo's worker, by outcome: computed, busy, refused or failed.");
        _activeJobs = _meter.CreateUpDownCounter<long>("blindgrain.jobs.active", "{job}", "Jobs whose walk this silo holds: running or waiting for a place.");
        _jobs = _meter.CreateCounter<long>("blindgrain.jobs", "{job}", "Jobs that ended on this silo, by phase: succeeded, failed or cancelled.");
        _jobDuration = _meter.CreateHistogram("blindgrain.job.duration", "s", "From a job's acceptance to its end.", null, s_seconds);
        _keyRequests = _meter.CreateCounter<long>("blindgrain.key_cache.requests", "{request}", "Requests for an expanded key, by result: hit, load or full.");
        _evictions = _meter.CreateCounter<long>("blindgrain.key_cache.evictions", "{key}", "Keys that made room for others.");
        _loadDuration = _meter.CreateHistogram("blindgrain.key_cache.load.duration", "s", "Reading, checking and expanding a key.", null, s_seconds);
    }

    /// <summary>Reports the key cache's memory whenever somebody collects.</summary>
    /// <param name="usage">Bytes reserved or in use, now.</param>
    /// <param name="limit">The bound, in bytes.</param>
    public void ObserveKeyCache(Func<long> usage, long limit)
    {
        _ = _meter.CreateObservableUpDownCounter("blindgrain.key_cache.usage", usage, "By", "Memory of expanded keys, reserved or in use.");
        _ = _meter.CreateObservableUpDownCounter("blindgrain.key_cache.limit", () => limit, "By", "The bound of that memory: Worker:KeyCacheMebibytes.");
    }

    /// <summary>Begins the account of a job that this silo took up; dispose it when the silo lets go of the job, done or not.</summary>
    public PendingBootstraps BeginJob() => new(_pending, _activeJobs);

    public void JobEnded(string phase, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("blindgrain.job.phase", phase);
        _jobs.Add(1, tag);
        _jobDuration.Record(duration.TotalSeconds, tag);
    }

    public void SliceEnded(SliceOutcome outcome, int bootstraps = 0)
    {
        _slices.Add(1, new KeyValuePair<string, object?>("blindgrain.slice.outcome", outcome.ToString().ToLowerInvariant()));
        _bootstraps.Add(bootstraps);
    }

    public void KeyRequested(KeyRequestResult result) =>
        _keyRequests.Add(1, new KeyValuePair<string, object?>("blindgrain.key_cache.result", result.ToString().ToLowerInvariant()));

    public void KeyEvicted() => _evictions.Add(1);

    public void KeyLoaded(TimeSpan duration) => _loadDuration.Record(duration.TotalSeconds);
}
