using System.Diagnostics;

namespace BlindGrain.Grains.Interfaces;

/// <summary>
/// The place in a trace that something belongs to (W3C trace context). It is part of a job's stored submission, so that a job that goes on elsewhere, hours later, still belongs to its trace.
/// </summary>
/// <param name="Parent">The "traceparent".</param>
/// <param name="State">The "tracestate" of whoever began the trace; null for none.</param>
[GenerateSerializer, Immutable, Alias("BlindGrain.TraceContext")]
public sealed record TraceContext([property: Id(0)] string Parent, [property: Id(1)] string? State)
{
    /// <summary>What every participant must pass on, by the W3C's recommendation; a longer state is left out, since it would be stored with every job.</summary>
    private const int MostState = 512;

    /// <summary>Where the caller is; null where nothing is traced.</summary>
    public static TraceContext? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity
        ? new TraceContext(id, activity.TraceStateString is { Length: <= MostState } state ? state : null)
        : null;

    /// <summary>The context to begin an activity under; an empty one where this is none.</summary>
    public ActivityContext ToActivityContext() => ActivityContext.TryParse(Parent, State, isRemote: true, out ActivityContext context) ? context : default;
}
