using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Functions;

/// <summary>Makes element functions, each once.</summary>
internal sealed class FunctionPool
{
    private const int MaxDepth = 256;
    private const int MaxFunctions = 1 << 21;

    private readonly Dictionary<(ElementOperator Operator, int A, int B, int C), ElementFunction> _known = [];
    private readonly Dictionary<(ElementType Type, int Bits), ElementFunction> _constants = [];
    private int _count = 1;

    /// <summary>The integer itself.</summary>
    public ElementFunction Integer { get; } = new() { Id = 0, Affine = new Affine(1, 0), Grid = new Grid(1, 0) };

    public ElementFunction Constant(float value, ElementType type = ElementType.Float)
    {
        (ElementType, int) key = (type, BitConverter.SingleToInt32Bits(value));
        if (!_constants.TryGetValue(key, out ElementFunction? function))
        {
            function = new ElementFunction { Id = NextId(), IsConstant = true, Constant = value, Type = type, Affine = new Affine(0, value), Grid = new Grid(0, value) };
            _constants.Add(key, function);
        }

        return function;
    }

    /// <summary>An operator of one to three functions.</summary>
    /// <exception cref="UnsupportedModelException">The chain is too long; a damaged or hostile file could make it take all memory.</exception>
    public ElementFunction Make(GraphNode node, ElementOperator op, params ReadOnlySpan<ElementFunction> inputs)
    {
        (ElementOperator, int, int, int) key = (op, inputs[0].Id, inputs.Length > 1 ? inputs[1].Id : -1, inputs.Length > 2 ? inputs[2].Id : -1);
        if (_known.TryGetValue(key, out ElementFunction? known))
        {
            return known;
        }

        ElementFunction[] children = inputs.ToArray();
        int depth = children.Max(c => c.Depth) + 1;
        if (depth > MaxDepth)
        {
            throw new UnsupportedModelException($"Node {node.Label} is preceded by {MaxDepth} operations without a quantizer; that is the most.");
        }

        Affine? affine = AffineRules.Of(op, children);
        var function = new ElementFunction
        {
            Id = NextId(),
            Operator = op,
            Inputs = children,
            Depth = depth,
            Node = node,
            Affine = affine,
            Grid = affine is { } a ? new Grid(Math.Abs(a.Factor), a.Summand) : GridRules.Of(op, children),
        };
        _known.Add(key, function);
        return function;
    }

    /// <summary>A standard operator of functions.</summary>
    public ElementFunction Make(GraphNode node, string opType, params ReadOnlySpan<ElementFunction> inputs) => Make(node, ElementOperator.Standard(opType), inputs);

    private int NextId() => _count < MaxFunctions ? _count++ : throw new UnsupportedModelException($"The model has more than {MaxFunctions} different functions of single elements.");
}
