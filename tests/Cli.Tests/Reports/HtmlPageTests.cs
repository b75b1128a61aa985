using System.Xml.Linq;
using BlindGrain.Cli.Reports;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>The report's page.</summary>
public class HtmlPageTests
{
    private const string Steps = "Every step with its shapes, ranges and costs";

    [Fact]
    public void It_is_well_formed_and_needs_nothing_else()
    {
        string text = Pages.Text(Report(SampleModels.Residual()));
        XDocument page = Pages.Parse(text);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "iframe" or "img" or "image" or "object" or "a");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "href" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        string rest = text.Replace(Pages.Html.NamespaceName, "", StringComparison.Ordinal).Replace(Pages.Svg.NamespaceName, "", StringComparison.Ordinal);
        Assert.DoesNotContain("http:", rest, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", rest, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", rest, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", rest, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", page.Descendants(Pages.Html + "meta").Attributes("content").Select(a => a.Value).Single(v => v.Contains("src", StringComparison.Ordinal)), StringComparison.Ordinal);

        // A browser reads it as HTML, where an element that is not void must have an end tag of its own, and a style sheet is taken as it stands.
        Assert.DoesNotMatch(@"<(td|th|div|span|p|section|text|g|svg)(\s[^>]*)?/>", text);
        Assert.DoesNotContain('&', page.Descendants(Pages.Html + "style").Single().Value);
    }

    [Fact]
    public void It_prints_and_follows_the_light()
    {
        string style = Pages.Parse(Pages.Text(Report(SampleModels.Residual()))).Descendants(Pages.Html + "style").Single().Value;
        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
        Assert.Contains("@media print", style, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_name_stays_text()
    {
        string text = Pages.Text(Report(SampleModels.Residual(SampleModels.HostileName, SampleModels.HostileName)));
        XDocument page = Pages.Parse(text);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", text, StringComparison.Ordinal);
        string shown = SampleModels.HostileName.Replace('\u0001', '\uFFFD').Replace('\uFFFE', '\uFFFD');
        Assert.Equal(shown, page.Descendants(Pages.Html + "h1").Single().Value);
        Assert.Contains(Pages.Table(page, Steps), row => row[0] == shown);
    }

    [Fact]
    public void Every_edge_of_a_residual_network_is_drawn()
    {
        ModelReport report = Report(SampleModels.Residual());
        XDocument page = Pages.Parse(Pages.Text(report));
        XElement drawing = page.OfClass("network").Single();
        string[] titles = [.. drawing.OfClass("edge").Select(e => e.Element(Pages.Svg + "title")!.Value.Replace('\u00A0', ' '))];

        // 'first' is read twice, so its look-up has a card of its own; 'sum' and 'relu2' share one.
        Assert.Equal(
            ["first → relu: 3 ciphertexts", "first → sum: 3 ciphertexts", "input → first: 3 ciphertexts", "input → sum: 3 ciphertexts", "last → output: 2 ciphertexts", "relu → sum: 3 ciphertexts", "sum → last: 3 ciphertexts"],
            titles.Order(StringComparer.Ordinal));
        Assert.Equal(6, drawing.OfClass("card").Count());
        Assert.All(report.Steps.Skip(1), step => Assert.Contains(drawing.OfClass("name"), t => t.Value == step.Name));
    }

    [Fact]
    public void Its_numbers_are_those_of_the_report()
    {
        ModelReport report = Report(SampleModels.Residual());
        XDocument page = Pages.Parse(Pages.Text(report));
        string[][] rows = Pages.Table(page, Steps);
        Assert.Equal(report.Steps.Select(s => s.Name), rows.Select(r => r[0]));
        Assert.Equal(report.Steps.Select(s => s.Values), rows.Select(r => Pages.Number(r[4])));
        Assert.Equal(report.Bootstraps, rows.Where(r => r[9].Length > 0).Sum(r => Pages.Number(r[9])));
        string[][] choices = Pages.Table(page, "What one bit more or less and other errors would cost");
        Assert.Equal(report.Choices.Where(c => c.Cost is not null).Select(c => (long)Math.Round(c.Cost!.Value)), choices.Where(r => r[1].Length > 0).Select(r => Pages.Number(r[1])));
        Assert.Contains(page.OfClass("tiles").Descendants(Pages.Html + "strong"), s => s.Value == $"{report.Bootstraps}");
    }

    private static ModelReport Report(CompiledModel model) => ModelReport.Of(model, "model.bgc", 1234);
}
