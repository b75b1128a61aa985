using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The network as a drawing: cards from the input to the output, joined by what they read of each other.</summary>
internal static class NetworkDrawing
{
    /// <summary>More cards than this are not drawn: the table has them all.</summary>
    public const int MaxCards = 400;

    private const double Margin = 22;

    /// <summary>Draws a model's steps; null where there are too many.</summary>
    public static Element? Draw(ModelReport report)
    {
        (IReadOnlyList<Block> blocks, IReadOnlyList<BlockEdge> edges) = Block.Of(report.Steps);
        if (blocks.Count > MaxCards)
        {
            return null;
        }

        var layout = new LayeredLayout([.. blocks.Select(b => (BlockCard.Width, BlockCard.HeightOf(b)))], [.. edges.Select(e => (e.From, e.To))]);
        double width = layout.Width + (2 * Margin), height = layout.Height + 2;
        var svg = new Element(
            "svg",
            A("xmlns", HtmlPage.SvgNamespace),
            A("role", "img"),
            A("aria-labelledby", "network-title network-desc"),
            A("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            A("width", width),
            A("height", height),
            Class("network"));
        svg.Add(E("title", A("id", "network-title"), $"The network {report.Name}, from its input at the top to its output at the bottom"));
        svg.Add(E("desc", A("id", "network-desc"), string.Join(". ", blocks.Select(BlockCard.Describe).Where(d => d.Length > 0))));
        svg.Add(Server(layout, blocks, width));
        svg.Add(edges.Zip(layout.Paths, (edge, path) => Edge(edge, path, blocks)));
        svg.Add(blocks.Zip(layout.Nodes, (block, at) => BlockCard.Draw(report, block, at.X + Margin, at.Y + 1)));
        return svg;
    }

    /// <summary>A number as drawings need it.</summary>
    public static string Number(double value) => A("", value).Value;

    /// <summary>What the server does, on a ground of its own.</summary>
    private static Element? Server(LayeredLayout layout, IReadOnlyList<Block> blocks, double width)
    {
        int[] inside = [.. Enumerable.Range(0, blocks.Count).Where(b => !blocks[b].IsInput && !blocks[b].IsOutput)];
        if (inside.Length == 0)
        {
            return null;
        }

        double top = inside.Min(b => layout.Nodes[b].Y) - 24;
        double bottom = inside.Max(b => layout.Nodes[b].Y + BlockCard.HeightOf(blocks[b])) + 18;
        return E(
            "g",
            E("rect", Class("server"), A("x", 1), A("y", top), A("width", width - 2), A("height", bottom - top), A("rx", 14)),
            E("text", Class("ground"), A("x", width - 12), A("y", top + 16), A("text-anchor", "end"), "server: ciphertexts only"));
    }

    private static Element Edge(BlockEdge edge, IReadOnlyList<(double X, double Y)> path, IReadOnlyList<Block> blocks)
    {
        var d = new System.Text.StringBuilder();
        (double x, double y) = (path[0].X + Margin, path[0].Y + 1);
        _ = d.Append($"M{Number(x)} {Number(y)}");
        for (int p = 1; p < path.Count; p++)
        {
            (double toX, double toY) = (path[p].X + Margin, path[p].Y + 1 - (p == path.Count - 1 ? 5 : 0));
            double middle = (y + toY) / 2;
            _ = d.Append(x == toX ? $"L{Number(toX)} {Number(toY)}" : $"C{Number(x)} {Number(middle)} {Number(toX)} {Number(middle)} {Number(toX)} {Number(toY)}");
            (x, y) = (toX, toY);
        }

        return E(
            "g",
            Class("edge"),
            A("data-from", edge.From),
            A("data-to", edge.To),
            E("title", $"{BlockCard.Title(blocks[edge.From])} → {BlockCard.Title(blocks[edge.To])}: {Of(edge.Values, "ciphertext")}"),
            E("path", Class("reach"), A("d", d)),
            E("path", Class("wire"), A("d", d)),
            E("path", Class("tip"), A("d", $"M{Number(x - 4.5)} {Number(y - 1)}L{Number(x + 4.5)} {Number(y - 1)}L{Number(x)} {Number(y + 5)}Z")));
    }
}
