using static BlindGrain.Cli.Reports.Html.Element;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>A table with a caption; on narrow screens it scrolls in its own frame.</summary>
internal sealed class DataTable
{
    private readonly (string Title, string Unit, bool Numeric)[] _columns;
    private readonly string _caption;
    private readonly Element _body = new("tbody");

    /// <summary>Creates an empty table.</summary>
    /// <param name="caption">What it shows, for those who hear it.</param>
    /// <param name="columns">Each column's title, its unit or "", and whether it holds numbers.</param>
    public DataTable(string caption, params (string Title, string Unit, bool Numeric)[] columns)
    {
        _caption = caption;
        _columns = columns;
    }

    /// <summary>Adds a row of cells (text or elements); the first is the row's heading.</summary>
    public void Row(string? kind, params ReadOnlySpan<object?> cells)
    {
        var row = new Element("tr", kind is null ? null : Class(kind));
        for (int i = 0; i < cells.Length; i++)
        {
            row.Add(E(i == 0 ? "th" : "td", i == 0 ? A("scope", "row") : null, _columns[i].Numeric ? Class("n") : null, cells[i]));
        }

        _body.Add(row);
    }

    /// <summary>The table.</summary>
    public Element Build() => E(
        "div",
        Class("scroll"),
        A("tabindex", 0),
        A("role", "region"),
        A("aria-label", _caption),
        E(
            "table",
            E("caption", _caption),
            E("thead", E("tr", _columns.Select(c => E("th", A("scope", "col"), c.Numeric ? Class("n") : null, c.Title, c.Unit.Length > 0 ? E("span", Class("unit"), c.Unit) : null)))),
            _body));
}
