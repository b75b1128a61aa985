using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>The accuracy of one stage on the way from the float network to ciphertexts.</summary>
/// <param name="Stage">"float", "quantized", "noisy" or "encrypted".</param>
/// <param name="What">What ran, for people.</param>
/// <param name="Samples">How many samples ran: the first ones of the data.</param>
/// <param name="Correct">How many got their label; null where the data has none.</param>
/// <param name="Low">The lower end of Wilson's 95 % interval of the accuracy, null without labels.</param>
/// <param name="High">The upper end.</param>
/// <param name="SameClass">How many got the class that the quantized circuit gives them on clear integers; null for the float network and that circuit itself.</param>
/// <param name="SameIntegers">How many got all of its output integers; null as before, or where it was not looked at.</param>
/// <param name="Seconds">How long the stage took here.</param>
internal sealed record StageReport(
    string Stage, string What, int Samples, int? Correct, double? Low, double? High, int? SameClass, int? SameIntegers, double Seconds)
{
    /// <summary>The part of the samples that got their label, 0 to 1; null without labels.</summary>
    public double? Accuracy => (double?)Correct / Samples;

    /// <summary>A stage, with the interval of its accuracy.</summary>
    public static StageReport Of(string stage, string what, int samples, int? correct, int? sameClass, int? sameIntegers, double seconds)
    {
        ConfidenceInterval? interval = correct is { } c ? ConfidenceInterval.OfProportion(c, samples) : null;
        return new StageReport(stage, what, samples, correct, interval?.Low, interval?.High, sameClass, sameIntegers, seconds);
    }
}
