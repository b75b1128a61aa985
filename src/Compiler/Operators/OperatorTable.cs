using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Turns one node into the value of its first output.</summary>
internal delegate GraphValue OperatorHandler(GraphNode node, ImportContext context);

/// <summary>The operators that become circuits. Nodes on constants alone need no entry: ONNX Runtime folds them.</summary>
internal static class OperatorTable
{
    /// <summary>The domains that QONNX's operators are found under.</summary>
    private static readonly string[] s_qonnxDomains = ["onnx.brevitas", "qonnx.custom_op.general", "finn.custom_op.general"];

    private static readonly Dictionary<string, OperatorHandler> s_standard = new(StringComparer.Ordinal)
    {
        ["Add"] = ArithmeticOperators.Add,
        ["BatchNormalization"] = BatchNormalizationOperator.Handle,
        ["Div"] = ArithmeticOperators.Divide,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Gemm"] = LinearOperators.Gemm,
        ["Identity"] = ShapeOperators.Identity,
        ["MatMul"] = LinearOperators.MatMul,
        ["Mul"] = ArithmeticOperators.Multiply,
        ["Relu"] = UnaryOperators.Relu,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Shape"] = ShapeOperators.Shape,
        ["Sub"] = ArithmeticOperators.Subtract,
        ["Transpose"] = ShapeOperators.Transpose,
    };

    private static readonly Dictionary<string, OperatorHandler> s_qonnx = new(StringComparer.Ordinal)
    {
        ["Quant"] = QuantOperator.Handle,
    };

    /// <summary>All operators that are supported on encrypted tensors, for messages.</summary>
    public static string Supported { get; } = string.Join(", ", s_standard.Keys.Concat(s_qonnx.Keys).Order(StringComparer.Ordinal));

    /// <summary>Whether an operator is QONNX's quantizer, which also handles constants itself.</summary>
    public static bool IsQuantizer(GraphNode node) => IsQonnx(node) && s_qonnx.ContainsKey(node.OpType);

    /// <summary>Whether an operator is one of QONNX's, which ONNX Runtime does not know.</summary>
    public static bool IsQonnx(GraphNode node) => s_qonnxDomains.Contains(node.Domain);

    /// <summary>Whether an operator only moves elements, so that integers and scales of quantized weights stay what they are.</summary>
    public static bool KeepsQuantization(GraphNode node) => (node.Domain is "" or "ai.onnx") && (node.OpType is "Flatten" or "Identity" or "Reshape" or "Transpose");

    /// <summary>The handler of a node.</summary>
    /// <exception cref="UnsupportedModelException">There is none; the message names the operator, the node and its like.</exception>
    public static OperatorHandler For(GraphNode node)
    {
        Dictionary<string, OperatorHandler> table = IsQonnx(node) ? s_qonnx : s_standard;
        if ((node.Domain is "" or "ai.onnx" || IsQonnx(node)) && table.TryGetValue(node.OpType, out OperatorHandler? handler))
        {
            return handler;
        }

        string name = node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";
        string? near = Near(node.OpType);
        throw new UnsupportedModelException(
            $"Operator {name} of node {node.Label} is not supported.{(near is null ? "" : $" Nearest to it: {near}.")} Supported: {Supported}.");
    }

    private static string? Near(string name) => name switch
    {
        "Conv" => "Gemm or MatMul (a convolution as a matrix)",
        "Sigmoid" or "Tanh" or "LeakyRelu" or "Elu" or "Selu" or "Clip" or "PRelu" => "Relu",
        "QuantizeLinear" or "DequantizeLinear" or "BipolarQuant" or "Trunc" => "Quant (QONNX)",
        "Squeeze" or "Unsqueeze" => "Reshape",
        "Pow" or "Sqrt" => "Mul",
        "Softmax" or "ArgMax" or "LogSoftmax" => "leaving it out: the client computes it from the decrypted output",
        _ => null,
    };
}
