using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>What operators see of the import: the values so far and the circuit being built.</summary>
internal sealed class ImportContext
{
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);

    public CircuitBuilder Circuit { get; } = new();

    public bool Knows(string name) => _values.ContainsKey(name);

    /// <summary>Binds a name; a node may not bind one twice.</summary>
    public void Bind(string name, GraphValue value)
    {
        if (!_values.TryAdd(name, value))
        {
            throw new InvalidModelException($"The graph defines '{name}' twice.");
        }
    }

    public GraphValue Value(string name) => _values.TryGetValue(name, out GraphValue? value)
        ? value
        : throw new InvalidModelException($"The graph uses '{name}' before it is defined.");

    /// <summary>Input number <paramref name="index"/> of a node.</summary>
    public GraphValue Input(GraphNode node, int index) => index < node.Inputs.Count && node.Inputs[index].Length > 0
        ? Value(node.Inputs[index])
        : throw new InvalidModelException($"Node {node.Label} lacks its input {index}.");

    /// <summary>Input number <paramref name="index"/> as a constant.</summary>
    public Tensor Constant(GraphNode node, int index, string what) => Input(node, index) switch
    {
        ConstantValue c => c.Tensor,
        QuantizedConstantValue q => q.Tensor,
        _ => throw new UnsupportedModelException($"Node {node.Label} has {what} that is computed from the input; a constant is supported."),
    };

    /// <summary>Adds a step and returns the number of its value.</summary>
    public int AddStep(GraphNode node, Func<string, CircuitStep> create) => Circuit.Add(create, node.StepName);
}
