using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Turns one node into the values of its outputs (null where one is never read).</summary>
internal delegate GraphValue[] OperatorHandler(GraphNode node, ImportContext context);

/// <summary>The operators that become circuits. Nodes on constants alone need no entry: ONNX Runtime folds them.</summary>
internal static class OperatorTable
{
    /// <summary>The domains that QONNX's operators are found under.</summary>
    private static readonly string[] s_qonnxDomains = ["onnx.brevitas", "qonnx.custom_op.general", "finn.custom_op.general"];

    private static readonly string[] s_elementwise =
    [
        "Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "Cast", "Ceil", "Celu", "Cos", "Cosh", "Div", "Elu", "Equal", "Erf", "Exp", "Floor", "Gelu",
        "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "LeakyRelu", "Less", "LessOrEqual", "Log", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow",
        "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Sub", "Tan", "Tanh", "ThresholdedRelu", "Where", "Xor",
    ];

    private static readonly string[] s_movement =
        ["DepthToSpace", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Pad", "Reshape", "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze"];

    private static readonly Dictionary<string, OperatorHandler> s_standard = Standard();

    private static readonly Dictionary<string, OperatorHandler> s_qonnx = new(StringComparer.Ordinal)
    {
        ["BipolarQuant"] = QuantizerOperators.BipolarQuant,
        ["IntQuant"] = QuantizerOperators.Quant,
        ["MultiThreshold"] = MultiThresholdOperator.Handle,
        ["Quant"] = QuantizerOperators.Quant,
        ["Trunc"] = QuantizerOperators.Trunc,
    };

    /// <summary>What ONNX Runtime's quantizer and optimizer write.</summary>
    private static readonly Dictionary<string, OperatorHandler> s_microsoft = new(StringComparer.Ordinal)
    {
        ["BiasGelu"] = ElementwiseOperators.Handle,
        ["DequantizeLinear"] = QuantizeLinearOperators.DequantizeLinear,
        ["FastGelu"] = ElementwiseOperators.Handle,
        ["Gelu"] = ElementwiseOperators.Handle,
        ["QGemm"] = IntegerOperators.QGemm,
        ["QLinearAdd"] = IntegerOperators.Pair,
        ["QLinearAveragePool"] = IntegerOperators.Pool,
        ["QLinearGlobalAveragePool"] = IntegerOperators.Pool,
        ["QLinearLeakyRelu"] = IntegerOperators.Unary,
        ["QLinearMul"] = IntegerOperators.Pair,
        ["QLinearSigmoid"] = IntegerOperators.Unary,
        ["QuantizeLinear"] = QuantizeLinearOperators.QuantizeLinear,
        ["QuickGelu"] = ElementwiseOperators.Handle,
    };

    /// <summary>All operators that are supported on encrypted tensors, for messages.</summary>
    public static string Supported { get; } = string.Join(", ", s_standard.Keys.Concat(s_qonnx.Keys).Concat(s_microsoft.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Whether an operator is one of QONNX's, which ONNX Runtime does not know.</summary>
    public static bool IsQonnx(GraphNode node) => s_qonnxDomains.Contains(node.Domain);

    /// <summary>Whether nodes of a domain may be met at all: ONNX Runtime knows them, or this compiler does.</summary>
    public static bool IsKnownDomain(string domain) => domain is "" or "ai.onnx" or "ai.onnx.ml" or "com.microsoft" or ChannelsLast.Domain || s_qonnxDomains.Contains(domain);

    /// <summary>Whether a node on constants alone goes to its handler, which keeps what a quantizer said of them.</summary>
    public static bool KeepsQuantization(GraphNode node, GraphValue[] inputs) =>
        (IsQonnx(node) && s_qonnx.ContainsKey(node.OpType))
        || (node.OpType == "DequantizeLinear" && inputs is [ConstantValue, ..])
        || (node.Domain is "" or "ai.onnx" && inputs is [QuantizedConstantValue, ..] && (node.OpType is "Identity" or "Dropout" || (s_movement.Contains(node.OpType) && node.OpType != "Pad")));

    /// <summary>The handler of a node.</summary>
    /// <exception cref="UnsupportedModelException">There is none; the message names the operator, the node and its like.</exception>
    public static OperatorHandler For(GraphNode node)
    {
        Dictionary<string, OperatorHandler>? table = IsQonnx(node) ? s_qonnx : node.Domain switch { "" or "ai.onnx" => s_standard, "com.microsoft" => s_microsoft, _ => null };
        if (table?.GetValueOrDefault(node.OpType) is { } handler)
        {
            return handler;
        }

        throw Unsupported(node);
    }

    /// <summary>The refusal of a node's operator: names the operator, the node, and what is near it.</summary>
    public static UnsupportedModelException Unsupported(GraphNode node)
    {
        string name = node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";
        string? near = node.Domain.StartsWith("finn.custom_op.fpgadataflow", StringComparison.Ordinal)
            ? "FINN's network before its conversion to hardware layers, with Quant, MultiThreshold, MatMul and Conv"
            : Near(node.OpType);
        return new UnsupportedModelException(
            $"Operator {name} of node {node.Label} is not supported.{(near is null ? "" : $" Nearest to it: {near}.")} Supported: {Supported}.");
    }

    private static Dictionary<string, OperatorHandler> Standard()
    {
        var table = new Dictionary<string, OperatorHandler>(StringComparer.Ordinal)
        {
            ["ArgMax"] = ClientOperators.Arg,
            ["ArgMin"] = ClientOperators.Arg,
            ["AveragePool"] = PoolingOperators.AveragePool,
            ["BatchNormalization"] = BatchNormalizationOperator.Handle,
            ["Clip"] = ElementwiseOperators.Clip,
            ["Concat"] = MovementOperators.Concat,
            ["Conv"] = ConvolutionOperators.Conv,
            ["ConvInteger"] = IntegerOperators.ConvInteger,
            ["ConvTranspose"] = ConvolutionOperators.ConvTranspose,
            ["DequantizeLinear"] = QuantizeLinearOperators.DequantizeLinear,
            ["Dropout"] = ElementwiseOperators.Identity,
            ["Gemm"] = MatrixOperators.Gemm,
            ["GlobalAveragePool"] = PoolingOperators.GlobalAveragePool,
            ["GlobalMaxPool"] = PoolingOperators.GlobalMaxPool,
            ["Identity"] = ElementwiseOperators.Identity,
            ["LogSoftmax"] = ClientOperators.Softmax,
            ["MatMul"] = MatrixOperators.MatMul,
            ["MatMulInteger"] = IntegerOperators.MatMulInteger,
            ["Max"] = ElementwiseOperators.Variadic,
            ["MaxPool"] = PoolingOperators.MaxPool,
            ["Mean"] = ElementwiseOperators.Variadic,
            ["Min"] = ElementwiseOperators.Variadic,
            ["QLinearConv"] = IntegerOperators.QLinearConv,
            ["QLinearMatMul"] = IntegerOperators.QLinearMatMul,
            ["QuantizeLinear"] = QuantizeLinearOperators.QuantizeLinear,
            ["ReduceMax"] = PoolingOperators.ReduceMax,
            ["ReduceMean"] = PoolingOperators.ReduceMean,
            ["ReduceMin"] = PoolingOperators.ReduceMin,
            ["ReduceSum"] = PoolingOperators.ReduceSum,
            ["Resize"] = MovementOperators.Resize,
            ["Shape"] = MovementOperators.Shape,
            ["Size"] = MovementOperators.Size,
            ["Softmax"] = ClientOperators.Softmax,
            ["Sum"] = ElementwiseOperators.Variadic,
            ["TopK"] = ClientOperators.TopK,
            ["Upsample"] = MovementOperators.Resize,
        };
        foreach (string op in s_elementwise)
        {
            table.Add(op, ElementwiseOperators.Handle);
        }

        foreach (string op in s_movement)
        {
            table.Add(op, MovementOperators.Handle);
        }

        return table;
    }

    private static string? Near(string name) => name switch
    {
        "DynamicQuantizeLinear" => "QuantizeLinear with a constant scale (static quantization)",
        "LayerNormalization" or "InstanceNormalization" or "GroupNormalization" or "LpNormalization" => "BatchNormalization, whose statistics are constants",
        "LRN" => "BatchNormalization",
        "LpPool" => "AveragePool or MaxPool",
        "ReduceProd" or "ReduceL1" or "ReduceL2" or "ReduceLogSum" or "ReduceLogSumExp" or "ReduceSumSquare" => "ReduceSum after a function of each element",
        "CumSum" or "Einsum" => "MatMul with a constant matrix",
        "Hardmax" => "ArgMax at the end of the model",
        "NonMaxSuppression" or "Unique" or "NonZero" or "Compress" => "leaving it out: its result's shape depends on encrypted numbers",
        "LSTM" or "GRU" or "RNN" or "Loop" or "Scan" or "If" => "a feed-forward network: unroll the loop before export",
        "FloatQuant" => "Quant: the values of a minifloat keep to no grid of few integers",
        "Im2Col" or "XnorPopcountMatmul" => "Conv or MatMul: export the model before it is lowered",
        "QuantAvgPool2d" => "AveragePool, with a Trunc or Quant behind it",
        "Attention" or "MultiHeadAttention" => "a network without products of two encrypted matrices",
        _ => null,
    };
}
