using System.Xml.Linq;
using BlindGrain.Cli.Reports;
using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>The trade-off over bit-widths.</summary>
public class TradeOffTests
{
    private static readonly SweepPoint[] s_sweep =
    [
        new(2, 412, 1000, 50, 7, 6, 900.2, 300.5, null),
        new(4, 948, 1000, 50, 11, 9, 52_000, 2_100, null),
        new(6, 980, 1000, 50, 15, 12, null, 8_000, null),
        new(8, 0, 0, 0, 0, 0, null, null, "Node '<b>' would need too large a table."),
    ];

    [Fact]
    public void Every_width_is_a_row_and_a_point()
    {
        ModelReport report = ModelReport.Of(SampleModels.Residual(), "m.bgc", 1) with { TradeOff = TradeOffReport.Of(s_sweep, 0.985, 6) };
        XDocument page = Pages.Parse(Pages.Text(report));
        string[][] rows = Pages.Table(page, "Accuracy and cost over bit-widths");
        Assert.Equal(["2", "4", "6", "8"], rows.Select(r => r[0]));
        Assert.Equal(["900", "52\u202F000", "none fit", ""], rows.Select(r => r[6]));
        Assert.Equal("98.00\u00A0%", rows[2][1]);
        Assert.Contains("too large a table", page.Descendants(Pages.Html + "section").Single(s => (string?)s.Attribute("id") == "trade-off").Value, StringComparison.Ordinal);

        // Three accuracies, two exact costs, three approximate ones.
        XElement plot = page.OfClass("tradeoff").Single();
        Assert.Equal(8, plot.OfClass("dot-mark").Count());
        Assert.Single(plot.OfClass("chosen"));
        Assert.Single(plot.OfClass("reference"));
    }
}
