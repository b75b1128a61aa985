namespace BlindGrain.ScaleModel;

/// <summary>What a simulated cluster did in the measured time.</summary>
/// <param name="Scenario">What was asked of it.</param>
/// <param name="RotationsPerSecond">Rotations of finished slices.</param>
/// <param name="JobsPerSecond">Finished jobs.</param>
/// <param name="MedianLatency">From a job's arrival to its end, in milliseconds; NaN where none ended.</param>
/// <param name="Latency95">The 95th percentile of the same.</param>
/// <param name="Threads">The worker threads' use, 0 to 1.</param>
/// <param name="Network">The use of the busiest direction of a network card.</param>
/// <param name="Messages">The use of the busiest silo's message handling.</param>
/// <param name="Storage">The storage's use, by bytes or by requests, whichever is more.</param>
/// <param name="KeyLoads">Key loads that began.</param>
/// <param name="BusyAnswers">Slices that were turned away.</param>
public sealed record ScaleResult(
    Scenario Scenario, double RotationsPerSecond, double JobsPerSecond, double MedianLatency, double Latency95,
    double Threads, double Network, double Messages, double Storage, int KeyLoads, int BusyAnswers)
{
    /// <summary>Throughput as part of what the threads could do.</summary>
    public double Efficiency => RotationsPerSecond / Scenario.Capacity;

    /// <summary>What keeps the throughput from being more, in a word.</summary>
    public string BoundBy =>
        Scenario.ArrivalsPerSecond > 0 && JobsPerSecond >= 0.95 * Scenario.ArrivalsPerSecond ? "work offered"
        : Threads >= 0.9 ? "threads"
        : Storage >= 0.9 ? "storage"
        : Messages >= 0.9 ? "messages"
        : Network >= 0.9 ? "network"
        : KeyLoads > 0 && BusyAnswers > KeyLoads ? "keys"
        : "work offered";
}
