namespace BlindGrain.Compiler.Import;

/// <summary>The rows of a linear map over the elements of a tensor, as an operator lays them out: entries in any order, zeros left out.</summary>
internal sealed class WeightRows
{
    /// <summary>The most weights of one step that a circuit file holds.</summary>
    private const int MaxWeights = 1 << 26;

    private readonly List<int> _element;
    private readonly List<int> _weight;
    private readonly List<int> _start = [0];
    private readonly List<double> _scale = [];
    private readonly string _node;

    /// <summary>Starts without rows.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="entries">How many entries to expect, so that little is copied.</param>
    /// <exception cref="UnsupportedModelException">More entries are expected than are supported.</exception>
    public WeightRows(GraphNode node, long entries = 0)
    {
        _node = node.Label;
        if (entries > MaxWeights)
        {
            throw TooMany(entries);
        }

        _element = new List<int>((int)entries);
        _weight = new List<int>((int)entries);
    }

    public int Count => _scale.Count;

    /// <summary>The number of entries.</summary>
    public int Entries => _element.Count;

    public int Start(int row) => _start[row];

    public int Element(int entry) => _element[entry];

    public int Weight(int entry) => _weight[entry];

    /// <summary>What a row's sum is multiplied by to be real.</summary>
    public double Scale(int row) => _scale[row];

    /// <summary>Adds an entry to the row that is being laid out.</summary>
    public void Add(int element, int weight)
    {
        if (weight == 0)
        {
            return;
        }

        if (_element.Count >= MaxWeights)
        {
            throw TooMany(MaxWeights + 1L);
        }

        _element.Add(element);
        _weight.Add(weight);
    }

    /// <summary>Ends the row.</summary>
    public void End(double scale)
    {
        _start.Add(_element.Count);
        _scale.Add(scale);
    }

    private UnsupportedModelException TooMany(long entries) => new(
        $"Node {_node} would need {entries} weights or more, counting each as often as it is applied; at most {MaxWeights} are supported. Use smaller images, fewer channels or a larger stride.");
}
