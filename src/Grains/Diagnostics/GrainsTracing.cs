using System.Diagnostics;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Diagnostics;

/// <summary>
/// The spans of one silo: a job, its wait for a place, each layer, each slice. Tags say how much and where; names of tenants, models and key sets are nobody else's business and never among them:
/// files are told apart by the beginning of their hash. docs/operations.md lists all spans and tags.
/// </summary>
internal static class GrainsTracing
{
    /// <summary>The name of the source, to be given to whatever collects.</summary>
    public const string SourceName = "BlindGrain.Grains";

    /// <summary>Which silo did it.</summary>
    public const string Silo = "blindgrain.silo";

    /// <summary>The beginning of the key file's SHA-256.</summary>
    public const string KeySetHash = "blindgrain.key_set.hash";

    /// <summary>The beginning of the model file's SHA-256.</summary>
    public const string ModelHash = "blindgrain.model.hash";

    /// <summary>The index of a step in the circuit.</summary>
    public const string Step = "blindgrain.step";

    /// <summary>Bootstraps (blind rotations) of a job, layer or slice.</summary>
    public const string Bootstraps = "blindgrain.bootstraps";

    private const int HashDigits = 12;
    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Begins the part of a job that one activation walks; a job that was never left has one. Null where nobody listens.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="trace">What it was submitted under.</param>
    /// <param name="silo">The silo that walks.</param>
    /// <param name="isResumed">Whether an earlier activation began it.</param>
    public static Activity? Job(string job, TraceContext? trace, string silo, bool isResumed) => s_source
        .StartActivity("job", ActivityKind.Consumer, trace?.ToActivityContext() ?? default)
        ?.SetTag("blindgrain.job.id", job).SetTag(Silo, silo).SetTag("blindgrain.job.resumed", isResumed);

    /// <summary>Says where a job stood when its activation let go of it: at its end, or where another one goes on.</summary>
    public static void JobLeft(Activity? job, JobPhase phase, int bootstraps, string? errorCode)
    {
        _ = job?.SetTag("blindgrain.job.phase", phase.ToString().ToLowerInvariant()).SetTag(Bootstraps, bootstraps);
        if (phase == JobPhase.Failed)
        {
            _ = job?.SetStatus(ActivityStatusCode.Error, errorCode);
        }
    }

    /// <summary>Begins a job's wait for one of its silo's places.</summary>
    public static Activity? Wait() => s_source.StartActivity("job wait");

    /// <summary>Begins a layer of the present job.</summary>
    public static Activity? Layer(string kind, int step, int bootstraps) => s_source
        .StartActivity($"layer {kind}")
        ?.SetTag(Step, step).SetTag(Bootstraps, bootstraps);

    /// <summary>Begins a slice that a worker has taken on; null where its sender traces nothing.</summary>
    public static Activity? Slice(SliceRequest request, string silo) => request.Trace is null
        ? null
        : s_source.StartActivity("slice", ActivityKind.Server, request.Trace.ToActivityContext())
            ?.SetTag(Silo, silo).SetTag(KeySetHash, Short(request.KeySha256)).SetTag(Step, request.Name.Step).SetTag("blindgrain.slice.first", request.Name.First);

    /// <summary>Says what became of a slice.</summary>
    public static void SliceEnded(Activity? slice, SliceOutcome outcome, SliceResult? result)
    {
        _ = slice?.SetTag("blindgrain.slice.outcome", outcome.ToString().ToLowerInvariant()).SetTag("blindgrain.slice.computed_ms", result?.Computed.TotalMilliseconds ?? 0);
        if (outcome is SliceOutcome.Refused or SliceOutcome.Failed)
        {
            _ = slice?.SetStatus(ActivityStatusCode.Error, result?.ErrorCode);
        }
    }

    /// <summary>Says which files the present job computes on.</summary>
    public static void Files(string modelSha256, string keySha256) => _ = Activity.Current?.SetTag(ModelHash, Short(modelSha256)).SetTag(KeySetHash, Short(keySha256));

    private static string Short(string sha256) => sha256[..Math.Min(HashDigits, sha256.Length)];
}
