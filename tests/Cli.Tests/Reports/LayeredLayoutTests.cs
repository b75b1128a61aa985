using BlindGrain.Cli.Reports.Html;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>The network's layout.</summary>
public class LayeredLayoutTests
{
    [Fact]
    public void Cards_do_not_overlap_and_edges_lead_down_from_card_to_card()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 50; trial++)
        {
            int count = random.Next(2, 25);
            (double Width, double Height)[] sizes = [.. Enumerable.Range(0, count).Select(_ => (100.0 + random.Next(100), 40.0 + random.Next(60)))];
            (int From, int To)[] edges = [.. Enumerable.Range(1, count - 1).SelectMany(to => Enumerable.Range(0, random.Next(1, 3)).Select(_ => (random.Next(to), to))).Distinct()];
            var layout = new LayeredLayout(sizes, edges);

            for (int a = 0; a < count; a++)
            {
                (double x, double y) = layout.Nodes[a];
                Assert.True(x >= -1e-9 && y >= 0 && x + sizes[a].Width <= layout.Width + 1e-9 && y + sizes[a].Height <= layout.Height + 1e-9);
                for (int b = 0; b < a; b++)
                {
                    (double left, double top) = layout.Nodes[b];
                    Assert.True(x + sizes[a].Width < left + 1e-9 || left + sizes[b].Width < x + 1e-9 || y + sizes[a].Height < top || top + sizes[b].Height < y, $"cards {a} and {b} overlap");
                }
            }

            for (int e = 0; e < edges.Length; e++)
            {
                IReadOnlyList<(double X, double Y)> path = layout.Paths[e];
                Assert.Equal(path.Select(p => p.Y).Order(), path.Select(p => p.Y));
                Assert.Equal(layout.Nodes[edges[e].From].Y + sizes[edges[e].From].Height, path[0].Y, 9);
                Assert.Equal(layout.Nodes[edges[e].To].Y, path[^1].Y, 9);
                Assert.Equal(layout.Nodes[edges[e].To].X + (sizes[edges[e].To].Width / 2), path[^1].X, 9);
            }
        }
    }

    [Fact]
    public void A_chain_is_a_straight_line()
    {
        var layout = new LayeredLayout([(200, 50), (100, 50), (300, 50)], [(0, 1), (1, 2)]);
        Assert.All(layout.Paths.SelectMany(p => p), point => Assert.Equal(150, point.X, 9));
    }

    [Fact]
    public void A_shortcut_passes_beside_the_cards()
    {
        var layout = new LayeredLayout([(100, 50), (100, 50), (100, 50)], [(0, 1), (1, 2), (0, 2)]);
        (double left, double _) = layout.Nodes[1];
        Assert.All(layout.Paths[2].Skip(1).SkipLast(1), p => Assert.True(p.X < left || p.X > left + 100));
    }
}
