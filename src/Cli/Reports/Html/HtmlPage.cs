using System.Reflection;
using static BlindGrain.Cli.Reports.Html.Element;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>
/// The report as one page that needs nothing else: style and drawings lie in it, there is no script, and its policy forbids what a page could load. It is
/// well-formed XML as well as HTML.
/// </summary>
internal static class HtmlPage
{
    /// <summary>The namespace of drawings.</summary>
    public const string SvgNamespace = "http://www.w3.org/2000/svg";

    private static readonly string s_style = ReadStyle();

    /// <summary>Writes the page of a model.</summary>
    public static void Write(ModelReport report, TextWriter writer)
    {
        Element?[] sections =
        [
            SummarySection.Build(report),
            DataSection.Accuracy(report),
            NetworkSection.Build(report),
            DataSection.Accumulators(report),
            QuantizationSection.Build(report),
            TradeOffSection.Build(report),
            SearchSection.Build(report),
            ChoiceSection.Build(report),
            ParameterSection.Build(report),
        ];
        var page = new Element(
            "html",
            A("xmlns", "http://www.w3.org/1999/xhtml"),
            A("lang", "en"),
            E(
                "head",
                E("meta", A("charset", "utf-8")),
                E("meta", A("http-equiv", "Content-Security-Policy"), A("content", "default-src 'none'; style-src 'unsafe-inline'")),
                E("meta", A("name", "viewport"), A("content", "width=device-width, initial-scale=1")),
                E("meta", A("name", "color-scheme"), A("content", "light dark")),
                E("title", $"{report.Name}: BlindGrain report"),
                E("style", s_style)),
            E("body", E("main", sections.Where(s => s is not null)), Footer(report)));
        writer.WriteLine("<!DOCTYPE html>");
        page.Write(writer);
        writer.WriteLine();
    }

    /// <summary>A section with a heading, and a paragraph that says how to read it.</summary>
    public static Element Section(string id, string heading, string lead, params ReadOnlySpan<object?> content)
    {
        var section = new Element("section", A("id", id), A("aria-labelledby", $"{id}-heading"), E("h2", A("id", $"{id}-heading"), heading), E("p", Class("lead"), lead));
        foreach (object? item in content)
        {
            section.Add(item);
        }

        return section;
    }

    private static Element Footer(ModelReport report) => E(
        "footer",
        E("p", $"{report.File} · {Figures.Bytes(report.FileBytes)} · written by blindgrain {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}. This page holds nothing secret and loads nothing."));

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
