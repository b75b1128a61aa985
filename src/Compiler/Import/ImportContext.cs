using BlindGrain.Compiler.Functions;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>What operators see of the import: the values so far and the circuit being built.</summary>
internal sealed class ImportContext : IDisposable
{
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readers;
    private readonly List<string> _warnings = [];
    private readonly FunctionEvaluator _evaluator = new();

    public ImportContext(ModelProto model, CompileOptions options)
    {
        Options = options;
        _readers = model.Graph.Node.SelectMany(n => n.Input).Concat(model.Graph.Output.Select(o => o.Name)).CountBy(n => n, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        Runner = new NodeRunner(model);
        Opset = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max();
        LookUps = new LookUpBuilder(this, _evaluator);
        Linear = new LinearBuilder(this);
    }

    public CompileOptions Options { get; }

    /// <summary>The shape of the graph's input.</summary>
    public int[] InputShape { get; set; } = [];

    /// <summary>The version of the standard operators.</summary>
    public long Opset { get; }

    /// <summary>What the import may take of memory and time.</summary>
    public ImportBudget Budget { get; } = new();

    public CircuitBuilder Circuit { get; } = new();

    public FunctionPool Functions { get; } = new();

    public NodeRunner Runner { get; }

    public LookUpBuilder LookUps { get; }

    public LinearBuilder Linear { get; }

    /// <summary>What the model's owner should know of the circuit.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Warn(string warning)
    {
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    public bool Knows(string name) => _defined.Contains(name);

    /// <summary>Binds a name; a node may not bind one twice.</summary>
    public void Bind(string name, GraphValue value)
    {
        if (!_defined.Add(name))
        {
            throw new InvalidModelException($"The graph defines '{name}' twice.");
        }

        Budget.Hold(name, value);
        _values.Add(name, value);
    }

    /// <summary>Forgets a node's inputs that nothing else reads.</summary>
    public void Release(GraphNode node)
    {
        foreach (string name in node.Inputs.Where(n => n.Length > 0))
        {
            if (--_readers[name] == 0 && _values.Remove(name, out GraphValue? value))
            {
                Budget.Release(value);
            }
        }
    }

    public GraphValue Value(string name) => _values.TryGetValue(name, out GraphValue? value)
        ? value
        : throw new InvalidModelException($"The graph uses '{name}' before it is defined.");

    /// <summary>Input number <paramref name="index"/> of a node.</summary>
    public GraphValue Input(GraphNode node, int index) => node.HasInput(index)
        ? Value(node.Inputs[index])
        : throw new InvalidModelException($"Node {node.Label} lacks its input {index}.");

    /// <summary>Input number <paramref name="index"/> as a constant of one element at least.</summary>
    public Tensor Constant(GraphNode node, int index, string what) => AnyConstant(node, index, what) is { Length: > 0 } tensor
        ? tensor
        : throw new InvalidModelException($"Node {node.Label} has {what} without elements.");

    /// <summary>Input number <paramref name="index"/> as a constant, which may be empty.</summary>
    public Tensor AnyConstant(GraphNode node, int index, string what) => Input(node, index) switch
    {
        ConstantValue c => c.Tensor,
        QuantizedConstantValue q => q.Tensor,
        _ => throw new UnsupportedModelException($"Node {node.Label} has {what} that is computed from the input; a constant is supported."),
    };

    /// <summary>Input number <paramref name="index"/> as a constant, null where it is left out.</summary>
    public Tensor? OptionalConstant(GraphNode node, int index, string what) => node.HasInput(index) ? Constant(node, index, what) : null;

    /// <summary>Input number <paramref name="index"/> as an encrypted tensor.</summary>
    public EncryptedValue Encrypted(GraphNode node, int index) => Input(node, index) switch
    {
        EncryptedValue x => x,
        InputValue => throw new UnsupportedModelException($"Node {node.Label} reads the input, which is not quantized; put a quantizer between them, or compile with calibration data."),
        ClientValue c => throw AfterTheEnd(node, c),
        _ => throw new UnsupportedModelException($"Node {node.Label} has a constant as its input {index}, where an encrypted tensor is expected."),
    };

    /// <summary>Adds a step and returns the number of its value.</summary>
    public int AddStep(string name, Func<string, CircuitStep> create) => Circuit.Add(create, name);

    public static UnsupportedModelException AfterTheEnd(GraphNode node, ClientValue value) =>
        new($"Node {node.Label} follows {value.Operation.Function}, which the client computes; it must be the end of the model.");

    public void Dispose()
    {
        Runner.Dispose();
        _evaluator.Dispose();
    }
}
