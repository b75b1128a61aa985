namespace BlindGrain.Training.Reproduction;

/// <summary>An encrypted run.</summary>
/// <param name="Mode">Exact or approximate, in words.</param>
/// <param name="Way">"REST" or "engine".</param>
/// <param name="Samples">How many samples.</param>
/// <param name="EqualIntegers">How many gave the integers of clear execution.</param>
/// <param name="EqualClasses">How many gave its class.</param>
/// <param name="Accuracy">The share of right classes, 0 to 1.</param>
/// <param name="MedianSeconds">The median of the seconds of one inference, one after the other, on <paramref name="Threads"/> threads.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="Threads">The threads.</param>
/// <param name="KeyMegabytes">Evaluation keys as they travel.</param>
/// <param name="Parameters">The parameter set.</param>
internal sealed record EncryptedResult(
    string Mode, string Way, int Samples, int EqualIntegers, int EqualClasses, double Accuracy, double MedianSeconds, int Bootstraps, int Threads, double KeyMegabytes, string Parameters);
