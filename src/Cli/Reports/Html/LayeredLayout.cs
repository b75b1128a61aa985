namespace BlindGrain.Cli.Reports.Html;

/// <summary>
/// Lays out a directed acyclic graph in rows from top to bottom (Sugiyama, Tagawa and Toda 1981): longest-path rows, edges over several rows bent at
/// points between, orders by barycentres, then positions by least squares within each row's order.
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 12;
    private const double ColumnGap = 30;
    private const double RowGap = 36;

    private readonly List<Slot> _slots;
    private readonly List<List<Slot>> _rows = [];
    private readonly List<Slot[]> _paths = [];

    /// <summary>Lays out a graph.</summary>
    /// <param name="sizes">The nodes' sizes.</param>
    /// <param name="edges">Pairs of node numbers; each leads from a smaller number to a larger one.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<(int From, int To)> edges)
    {
        _slots = [.. sizes.Select(s => new Slot(s.Width, s.Height))];
        foreach ((int from, int to) in edges.OrderBy(e => e.To))
        {
            _slots[to].Row = Math.Max(_slots[to].Row, _slots[from].Row + 1);
        }

        Slot[] nodes = [.. _slots];
        Array.ForEach(nodes, Place);
        foreach ((int from, int to) in edges)
        {
            Connect(nodes[from], nodes[to]);
        }

        Order();
        Position();
        double left = _slots.Min(s => s.X - (s.Width / 2));
        _slots.ForEach(s => s.X -= left);
        double y = 0;
        foreach (List<Slot> row in _rows)
        {
            double height = row.Max(s => s.Height);
            row.ForEach(s => (s.Top, s.RowHeight) = (y, height));
            y += height + RowGap;
        }

        Width = _slots.Max(s => s.X + (s.Width / 2));
        Height = y - RowGap;
        Nodes = [.. nodes.Select(s => (s.X - (s.Width / 2), s.Top))];
        Paths = [.. _paths.Select(Points)];
    }

    /// <summary>The drawing's width.</summary>
    public double Width { get; }

    /// <summary>The drawing's height.</summary>
    public double Height { get; }

    /// <summary>Where each node's upper left corner lies.</summary>
    public IReadOnlyList<(double X, double Y)> Nodes { get; }

    /// <summary>For each edge, the points that it passes: from the lower edge of one node to the upper edge of the other.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> Paths { get; }

    private static (double X, double Y)[] Points(Slot[] path) =>
    [
        (path[0].X, path[0].Top + path[0].Height),
        .. path[1..^1].SelectMany(s => new[] { (s.X, s.Top), (s.X, s.Top + s.RowHeight) }),
        (path[^1].X, path[^1].Top),
    ];

    private void Place(Slot slot)
    {
        while (_rows.Count <= slot.Row)
        {
            _rows.Add([]);
        }

        _rows[slot.Row].Add(slot);
    }

    private void Connect(Slot from, Slot to)
    {
        var path = new List<Slot> { from };
        for (int row = from.Row + 1; row < to.Row; row++)
        {
            var point = new Slot(10, 0) { Row = row };
            _slots.Add(point);
            Place(point);
            path.Add(point);
        }

        path.Add(to);
        foreach ((Slot upper, Slot lower) in path.Zip(path.Skip(1)))
        {
            upper.Below.Add(lower);
            lower.Above.Add(upper);
        }

        _paths.Add([.. path]);
    }

    /// <summary>Sorts each row by the mean place of its neighbours, down and up in turn, which leaves few crossings.</summary>
    private void Order()
    {
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Slot> row in down ? _rows : Enumerable.Reverse(_rows))
            {
                for (int i = 0; i < row.Count; i++)
                {
                    List<Slot> neighbours = down ? row[i].Above : row[i].Below;
                    row[i].Wish = neighbours.Count > 0 ? neighbours.Average(n => n.Place) : row[i].Place;
                }

                Slot[] sorted = [.. row.OrderBy(s => s.Wish)];
                for (int i = 0; i < sorted.Length; i++)
                {
                    // Places are relative to the row's width, so that rows of different lengths compare.
                    (row[i], sorted[i].Place) = (sorted[i], (i + 0.5) / sorted.Length);
                }
            }
        }
    }

    private void Position()
    {
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (List<Slot> row in sweep % 2 == 0 ? _rows : Enumerable.Reverse(_rows))
            {
                foreach (Slot slot in row)
                {
                    Slot[] neighbours = [.. slot.Above, .. slot.Below];
                    slot.Wish = neighbours.Length > 0 ? neighbours.Average(n => n.X) : slot.X;
                }

                Settle(row);
            }
        }
    }

    /// <summary>
    /// The positions nearest to the wishes (least squares) that keep order and gaps: with the gaps taken off this is isotonic regression, solved by pooling
    /// neighbours that want to pass each other.
    /// </summary>
    private static void Settle(List<Slot> row)
    {
        var offsets = new double[row.Count];
        for (int i = 1; i < row.Count; i++)
        {
            offsets[i] = offsets[i - 1] + (row[i - 1].Width / 2) + ColumnGap + (row[i].Width / 2);
        }

        var pools = new Stack<(double Sum, int Count)>();
        for (int i = 0; i < row.Count; i++)
        {
            (double sum, int count) = (row[i].Wish - offsets[i], 1);
            while (pools.TryPeek(out (double Sum, int Count) last) && last.Sum / last.Count > sum / count)
            {
                (sum, count) = (sum + last.Sum, count + last.Count);
                _ = pools.Pop();
            }

            pools.Push((sum, count));
        }

        int at = 0;
        foreach ((double sum, int count) in pools.Reverse())
        {
            for (int end = at + count; at < end; at++)
            {
                row[at].X = (sum / count) + offsets[at];
            }
        }
    }

    /// <summary>A node, or the point of an edge that passes a row.</summary>
    private sealed class Slot(double width, double height)
    {
        public double Width { get; } = width;

        public double Height { get; } = height;

        public int Row { get; set; }

        /// <summary>The place in the row's order, 0 to 1.</summary>
        public double Place { get; set; } = 0.5;

        /// <summary>What the place or the position is drawn to.</summary>
        public double Wish { get; set; }

        /// <summary>The middle.</summary>
        public double X { get; set; }

        public double Top { get; set; }

        public double RowHeight { get; set; }

        public List<Slot> Above { get; } = [];

        public List<Slot> Below { get; } = [];
    }
}
