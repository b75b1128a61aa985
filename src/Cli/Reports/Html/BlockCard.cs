using BlindGrain.Engine.Execution.Reports;
using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>One card of the network's drawing: name, shapes, range, bits, and what its look-ups cost.</summary>
internal static class BlockCard
{
    /// <summary>The width of every card.</summary>
    public const double Width = 308;

    private const double Pad = 14;
    private const double ClientHeight = 58;
    private const double PartHeight = 96;
    private const int NameLength = 34;

    /// <summary>The height of a card.</summary>
    public static double HeightOf(Block block) => block.IsInput || block.IsOutput ? ClientHeight : block.Steps.Count * PartHeight;

    /// <summary>The card's name.</summary>
    public static string Title(Block block) => block.IsOutput ? "output" : block.Steps[0].Name;

    /// <summary>The card in a sentence, for those who cannot see it.</summary>
    public static string Describe(Block block) => string.Join("; ", block.Steps.Select(s =>
        $"{s.Name}: {Of(s.Length, "value")} in {Range(s.Min, s.Max)}, {Of(s.Bits, "bit")}{(s.Lookup is { } l ? $", {Of(l.Bootstraps, "bootstrap")}" : "")}"));

    /// <summary>Draws a card with its upper left corner at (x, y).</summary>
    public static Element Draw(ModelReport report, Block block, double x, double y)
    {
        var card = new Element("g", Class("card"), A("transform", $"translate({NetworkDrawing.Number(x)} {NetworkDrawing.Number(y)})"));
        if (block.IsInput || block.IsOutput)
        {
            card.Add(block.IsInput ? Input(report) : Output(report));
            return card;
        }

        for (int part = 0; part < block.Steps.Count; part++)
        {
            StepReport step = block.Steps[part];
            card.Add(Part(report, step, part * PartHeight, part == 0, part == block.Steps.Count - 1));
        }

        return card;
    }

    private static Element Part(ModelReport report, StepReport step, double y, bool first, bool last)
    {
        string kind = step.Kind;
        var part = new Element("g", A("transform", $"translate(0 {NetworkDrawing.Number(y)})"), Class(kind), E("title", Tooltip(report, step)));
        part.Add(E("path", Class("face"), A("d", Outline(first, last))));
        part.Add(E("rect", Class("mark"), A("x", 0), A("y", first ? 10 : 4), A("width", 4), A("height", PartHeight - (first ? 10 : 4) - (last ? 10 : 4)), A("rx", 2)));
        part.Add(Text(Pad, 22, "name", Fit(step.Name, NameLength)));
        if (step.Lookup is { } lookup)
        {
            part.Add(Text(Pad, 41, "fact", $"{Of(lookup.Bootstraps, "bootstrap")} · {Of(lookup.Tables, "table")} · {Noise(report, lookup)}"));
            part.Add(Text(Pad, 60, "fact", Fit(step.Operators.Count > 0 ? $"fuses {string.Join(", ", step.Operators)}" : "one table look-up a value", 42)));
            part.Add(E("rect", Class("track"), A("x", Pad), A("y", 73), A("width", 150), A("height", 7), A("rx", 3.5)));
            part.Add(E("rect", Class("bar"), A("x", Pad), A("y", 73), A("width", Math.Max(3, 150 * lookup.TimeShare)), A("height", 7), A("rx", 3.5)));
            part.Add(Text(Pad + 160, 80, "fact", $"{Seconds(lookup.Milliseconds / 1000)}, {Percent(lookup.TimeShare, 0)} of all"));
        }
        else
        {
            string from = string.Join(", ", step.Sources.Select(s => Shape(report.Steps[s].Shape)).Distinct());
            part.Add(Text(Pad, 41, "fact", $"{from} → {Shape(step.Shape)}"));
            part.Add(Text(Pad, 60, "fact", $"{Of(step.Linear!.Weights, "weight")} · ‖w‖² ≤ {Count((long)step.Linear.SquaredNorm)}"));
            part.Add(Text(Pad, 79, "fact", $"{Range(step.Min, step.Max)}{(step.Linear.Declared ? " declared" : "")}"));
            part.Add(E("text", Class("bits"), A("x", Width - Pad), A("y", 79), A("text-anchor", "end"), $"{Decimal(Math.Log2(step.Values), 1)} bits"));
        }

        return part;
    }

    private static string Outline(bool first, bool last)
    {
        string top = first ? $"M0 10Q0 0 10 0L{Width - 10} 0Q{Width} 0 {Width} 10" : $"M0 0L{Width} 0";
        string bottom = last ? $"L{Width} {PartHeight - 10}Q{Width} {PartHeight} {Width - 10} {PartHeight}L10 {PartHeight}Q0 {PartHeight} 0 {PartHeight - 10}Z" : $"L{Width} {PartHeight}L0 {PartHeight}Z";
        return top + bottom;
    }

    private static string Noise(ModelReport report, LookupFacts lookup) =>
        report.Mode == "exact" ? $"error {Power(lookup.Log2PError)} ≤ {Power(report.Log2PError!.Value)}" : $"σ {Percent(lookup.Sigma, 2)} ≤ {Percent(report.Sigma!.Value, 2)}";

    private static string Tooltip(ModelReport report, StepReport step)
    {
        string widths = string.Join(", ", step.ElementsOfBits.Select(b => $"{Count(b.Value)} of {Of(b.Key, "bit")}"));
        string facts = step.Lookup is { } lookup
            ? $"{Of(lookup.Bootstraps, "look-up")}, one bootstrap each{(step.Operators.Count > 0 ? $", for {string.Join(", ", step.Operators)} at once" : "")}; {Of(lookup.Tables, "distinct table")}; modelled error of one 2^{Decimal(lookup.Log2PError, 1)}, index σ {Percent(lookup.Sigma, 3)} of the range; cost {Count((long)lookup.Cost)} million operations, {Seconds(lookup.Milliseconds / 1000)} on one core of the reference machine{(report.Parameters.OneSet is null ? "" : $", by {lookup.ParameterSet}")}"
            : $"integer sums, free of bootstraps; {Of(step.Linear!.Weights, "non-zero weight")} up to {Count(step.Linear.LargestWeight)}; largest Σw² of a row {Count((long)step.Linear.SquaredNorm)}; reads {string.Join(", ", step.Sources.Select(s => report.Steps[s].Name))}";
        return $"{step.Name}: {facts}; yields {Of(step.Length, "value")} in {Range(step.Min, step.Max)} ({widths}{Channels(step)})";
    }

    private static string Channels(StepReport step) =>
        step.BitsOfChannels is { } channels ? $"; bits of the channels: {string.Join(' ', channels.Take(64))}{(channels.Count > 64 ? " …" : "")}" : "";

    private static Element[] Input(ModelReport report)
    {
        StepReport step = report.Steps[0];
        return
        [
            E("title", $"The client quantizes {Of(step.Length, "value")} to {Range(step.Min, step.Max)} and encrypts them: {Bytes(report.InputBytes)}"),
            E("rect", Class("client"), A("width", Width), A("height", ClientHeight), A("rx", 10)),
            Text(Pad, 24, "name", $"input · {Shape(report.InputShape)}"),
            Text(Pad, 44, "fact", $"quantized to {Range(step.Min, step.Max)}, encrypted: {Bytes(report.InputBytes)}"),
        ];
    }

    private static Element[] Output(ModelReport report) =>
    [
        E("title", $"The client decrypts {Of(report.Steps.Single(s => s.IsOutput).Length, "value")} and scales them{(report.ClientFunction is null ? "" : $"; then {report.ClientFunction}")}"),
        E("rect", Class("client"), A("width", Width), A("height", ClientHeight), A("rx", 10)),
        Text(Pad, 24, "name", $"output · {Shape(report.OutputShape)}"),
        Text(Pad, 44, "fact", $"{Bytes(report.OutputBytes)}, decrypted and scaled{(report.ClientFunction is null ? "" : $", {report.ClientFunction}")}"),
    ];

    private static Element Text(double x, double y, string kind, string text) => E("text", Class(kind), A("x", x), A("y", y), text);
}
