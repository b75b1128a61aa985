using System.Xml;
using System.Xml.Linq;
using BlindGrain.Cli.Reports;
using BlindGrain.Cli.Reports.Html;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>Pages, read as XML.</summary>
internal static class Pages
{
    public static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The page of a report as text.</summary>
    public static string Text(ModelReport report)
    {
        using var writer = new StringWriter();
        HtmlPage.Write(report, writer);
        return writer.ToString();
    }

    /// <summary>A page; fails where it is not well-formed.</summary>
    public static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    /// <summary>The elements of a class.</summary>
    public static IEnumerable<XElement> OfClass(this XContainer page, string name) =>
        page.Descendants().Where(e => ((string?)e.Attribute("class"))?.Split(' ').Contains(name) == true);

    /// <summary>The rows of the table with this caption, as cells.</summary>
    public static string[][] Table(XDocument page, string caption) =>
        [.. page.Descendants(Html + "table").Single(t => t.Element(Html + "caption")!.Value == caption)
            .Descendants(Html + "tbody").Single().Elements(Html + "tr").Select(r => r.Elements().Select(c => c.Value.Trim()).ToArray())];

    /// <summary>The number in a cell.</summary>
    public static long Number(string cell) => long.Parse(cell.Replace("\u202F", "", StringComparison.Ordinal).Replace('\u2212', '-'), System.Globalization.CultureInfo.InvariantCulture);
}
