using BlindGrain.Cli.Reports.Evaluation;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>What the user's data say: the accuracy of each stage, and the accumulators they reach.</summary>
internal static class DataSection
{
    /// <summary>Builds the section on accuracy; null without data.</summary>
    public static Element? Accuracy(ModelReport report)
    {
        if (report.Evaluation is not { } evaluation)
        {
            return null;
        }

        var table = new DataTable(
            "Accuracy by stage",
            ("stage", "", false),
            ("samples", "", true),
            ("right", "", true),
            ("accuracy", "", true),
            ("95 % interval", "Wilson", true),
            ("same class", "as clear integers", true),
            ("every integer", "as clear integers", true),
            ("time", "all samples, here", true));
        foreach (StageReport stage in evaluation.Stages)
        {
            table.Row(
                null,
                E("span", stage.Stage, E("span", Class("unit"), stage.What)),
                Count(stage.Samples),
                stage.Correct is { } correct ? Count(correct) : "",
                stage.Accuracy is { } accuracy ? Percent(accuracy, 2) : "",
                stage.Accuracy is null ? "" : $"{Percent(stage.Low!.Value, 2)} to {Percent(stage.High!.Value, 2)}",
                stage.SameClass is { } same ? $"{Count(same)} of {Count(stage.Samples)}" : "",
                stage.SameIntegers is { } integers ? $"{Count(integers)} of {Count(stage.Samples)}" : "",
                Seconds(stage.Seconds));
        }

        return HtmlPage.Section(
            "accuracy",
            "Accuracy by stage",
            $"The same samples ({evaluation.Data}) through every stage, from the float network to ciphertexts. Bars are 95 % confidence intervals.",
            evaluation.Labelled ? AccuracyPlot.Draw(evaluation.Stages) : E("p", Class("note"), "The data have no labels: stages are compared by their classes only."),
            table.Build(),
            evaluation.EncryptedNote is { } note ? E("p", Class("note"), note) : null);
    }

    /// <summary>Builds the section on accumulators; null without data.</summary>
    public static Element? Accumulators(ModelReport report) => report.Evaluation is not { Histograms.Count: > 0 } evaluation ? null : HtmlPage.Section(
        "accumulators",
        "Accumulators",
        $"What look-ups read and what leaves the circuit, over {Of(evaluation.HistogramSamples, "sample")}. The axis is the room that the circuit makes ({report.Ranges}); the shaded part is what the data reach. Room that data never use costs bits.",
        E("div", Class("plots"), evaluation.Histograms.Select(h => E(
            "figure",
            E("figcaption", E("strong", h.Name), E("span", $"{Decimal(h.ReachedBits)} of {Decimal(h.RangeBits)} bits reached{(h.Outside > 0 ? $", {Count(h.Outside)} outside" : "")}")),
            HistogramPlot.Draw(h)))));
}
