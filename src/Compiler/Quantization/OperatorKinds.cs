using System.Collections.Frozen;
using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Operators;

namespace BlindGrain.Compiler.Quantization;

/// <summary>What operators ask of their inputs, where quantizers are put into a graph.</summary>
internal static class OperatorKinds
{
    /// <summary>Products with weights: integers on both sides.</summary>
    public static FrozenSet<string> Weighted { get; } = Set("Conv", "ConvTranspose", "Gemm", "MatMul");

    /// <summary>Sums over one tensor: integers on one step.</summary>
    public static FrozenSet<string> Summing { get; } = Set("AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum");

    /// <summary>Maxima over one tensor: the result lies on the step of the input.</summary>
    public static FrozenSet<string> Comparing { get; } = Set("GlobalMaxPool", "MaxPool", "ReduceMax", "ReduceMin");

    /// <summary>Several tensors, element by element.</summary>
    public static FrozenSet<string> Pairs { get; } = Set("Add", "Max", "Mean", "Min", "Mul", "Sub", "Sum");

    /// <summary>What the client computes.</summary>
    public static FrozenSet<string> Ends { get; } = Set("ArgMax", "ArgMin", "LogSoftmax", "Softmax", "TopK");

    /// <summary>What keeps a linear step's result affine, with constants.</summary>
    public static FrozenSet<string> Affine { get; } = Set("Add", "BatchNormalization", "Cast", "Div", "Dropout", "Identity", "Mul", "Neg", "Sub");

    /// <summary>What gives the same elements in the same order.</summary>
    public static FrozenSet<string> SameOrder { get; } = Set("Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze");

    /// <summary>What moves or repeats elements.</summary>
    public static FrozenSet<string> Moving { get; } = Set("DepthToSpace", "Expand", "Gather", "Pad", "Resize", "Slice", "SpaceToDepth", "Split", "Tile", "Transpose", "Upsample");

    /// <summary>Whether a node of the model quantizes already.</summary>
    public static bool IsQuantizer(GraphNode node) => OperatorTable.IsQonnx(node) || node.OpType is "QuantizeLinear" or "DequantizeLinear" or "MatMulInteger" or "ConvInteger" or "QGemm"
        || node.OpType.StartsWith("QLinear", StringComparison.Ordinal);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
