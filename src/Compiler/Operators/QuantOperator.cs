using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// QONNX's Quant: y = (clip(round(x / scale + zero-point), min, max) − zero-point) · scale
/// (https://github.com/fastmachinelearning/qonnx, docs/qonnx-custom-ops/quant_op.md). On a constant it gives integer weights, on the
/// input the client's quantizer, on an encrypted tensor one look-up an element that fuses all since the last linear step.
/// </summary>
internal static class QuantOperator
{
    /// <summary>The most table entries that are computed for one node, shared tables counted for each element: minutes of work.</summary>
    private const long MaxEvaluations = 1L << 31;

    public static GraphValue Handle(GraphNode node, ImportContext context)
    {
        string rounding = node.Text("rounding_mode", "ROUND").ToUpperInvariant();
        if (rounding is not ("ROUND" or "HALF_EVEN"))
        {
            throw new UnsupportedModelException($"Node {node.Label} rounds by {rounding}; ROUND (half to even) is supported.");
        }

        Tensor scale = context.Constant(node, 1, "a scale"), zeroPoint = context.Constant(node, 2, "a zero-point");
        float bits = context.Constant(node, 3, "a bit-width").Scalar($"The bit-width of node {node.Label}");
        bool signed = node.Int("signed", 1) != 0, narrow = node.Int("narrow", 0) != 0;
        return context.Input(node, 0) switch
        {
            ConstantValue constant => QuantizeConstant(node, constant.Tensor, scale, zeroPoint, bits, signed, narrow),
            QuantizedConstantValue constant => QuantizeConstant(node, constant.Tensor, scale, zeroPoint, bits, signed, narrow),
            InputValue input => QuantizeInput(context, input, PerTensor(node, scale, zeroPoint, bits, signed, narrow)),
            EncryptedValue encrypted => QuantizeEncrypted(node, context, encrypted, PerTensor(node, scale, zeroPoint, bits, signed, narrow)),
            _ => throw new InvalidOperationException("Unknown kind of value."),
        };
    }

    private static UniformQuantizer PerTensor(GraphNode node, Tensor scale, Tensor zeroPoint, float bits, bool signed, bool narrow) => Create(
        node,
        scale.Scalar($"The scale of node {node.Label} on an activation"),
        zeroPoint.Scalar($"The zero-point of node {node.Label} on an activation"),
        bits,
        signed,
        narrow);

    private static UniformQuantizer Create(GraphNode node, float scale, float zeroPoint, float bits, bool signed, bool narrow)
    {
        if (bits != MathF.Round(bits) || bits is < 1 or > 16 || zeroPoint != MathF.Round(zeroPoint) || MathF.Abs(zeroPoint) > 1 << 20)
        {
            throw new UnsupportedModelException($"Node {node.Label} has a bit-width of {bits} and a zero-point of {zeroPoint}; whole numbers, 1 to 16 bits, are supported.");
        }

        try
        {
            return new UniformQuantizer(scale, (int)zeroPoint, (int)bits, signed, narrow);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UnsupportedModelException($"Node {node.Label} is no usable quantizer: {e.Message}", e);
        }
    }

    private static QuantizedConstantValue QuantizeConstant(GraphNode node, Tensor tensor, Tensor scale, Tensor zeroPoint, float bits, bool signed, bool narrow)
    {
        float[] scales = Broadcasting.To(scale, tensor.Shape, node.Label), zeroPoints = Broadcasting.To(zeroPoint, tensor.Shape, node.Label);
        var integers = new float[tensor.Length];
        var floats = new float[tensor.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            if (float.IsNaN(tensor.Data[i]))
            {
                throw new InvalidModelException($"The constant that node {node.Label} quantizes holds a NaN.");
            }

            UniformQuantizer quantizer = Create(node, scales[i], zeroPoints[i], bits, signed, narrow);
            int q = quantizer.Quantize(tensor.Data[i]);
            integers[i] = q - quantizer.ZeroPoint;
            floats[i] = quantizer.Dequantize(q);
        }

        return new QuantizedConstantValue(new Tensor(tensor.Shape, floats), new Tensor(tensor.Shape, integers), new Tensor(tensor.Shape, scales));
    }

    private static EncryptedValue QuantizeInput(ImportContext context, InputValue input, UniformQuantizer quantizer)
    {
        if (context.Circuit.Input is { } present)
        {
            return present.Quantizer == quantizer && present.Multiplier.AsSpan().SequenceEqual(input.Multiplier) && present.Offset.AsSpan().SequenceEqual(input.Offset)
                ? Dequantized(input.Shape, 0, quantizer)
                : throw new UnsupportedModelException("The input is quantized in two different ways; quantize it once and share the result.");
        }

        context.Circuit.SetInput(new CircuitInput(WithoutBatch(input.Shape), quantizer, input.Multiplier, input.Offset));
        return Dequantized(input.Shape, 0, quantizer);
    }

    private static EncryptedValue QuantizeEncrypted(GraphNode node, ImportContext context, EncryptedValue value, UniformQuantizer quantizer)
    {
        ValueRange[] ranges = context.Circuit.Ranges[value.Source];
        if (ranges.Sum(r => (double)r.Width) > MaxEvaluations)
        {
            throw new UnsupportedModelException($"Node {node.Label} would need more than {MaxEvaluations} table entries over its {ranges.Length} elements. Use fewer bits or fewer non-zero weights.");
        }

        var tables = new List<LookupTable>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var tableOfElement = new int[value.Length];
        for (int i = 0; i < tableOfElement.Length; i++)
        {
            LookupTable table = Tabulate(node, value.Chain, i, ranges[i], quantizer);
            string key = $"{table.InputMin}:{string.Join(',', table.Outputs)}";
            if (!known.TryGetValue(key, out int index))
            {
                index = tables.Count;
                tables.Add(table);
                known.Add(key, index);
            }

            tableOfElement[i] = index;
        }

        int result = context.AddStep(node, name => new LookupStep(name, value.Source, tables, tableOfElement));
        return Dequantized(value.Shape, result, quantizer);
    }

    private static LookupTable Tabulate(GraphNode node, ElementChain chain, int element, ValueRange range, UniformQuantizer quantizer)
    {
        const int MaxEntries = 1 << 20;
        if (range.Width > MaxEntries)
        {
            throw new UnsupportedModelException($"Node {node.Label} would need a table of {range.Width} entries (accumulator range {range}); at most {MaxEntries} are supported. Use fewer bits or fewer non-zero weights.");
        }

        var outputs = new int[range.Width];
        for (int t = 0; t < outputs.Length; t++)
        {
            float real = chain.Evaluate(range.Min + t, element);
            outputs[t] = float.IsNaN(real)
                ? throw new UnsupportedModelException($"What reaches node {node.Label} is not a number for the accumulator {range.Min + t} of element {element}.")
                : quantizer.Quantize(real);
        }

        return new LookupTable(range.Min, outputs);
    }

    private static EncryptedValue Dequantized(int[] shape, int source, UniformQuantizer quantizer)
    {
        var operation = new ElementOperation(
            "Quant",
            (q, _) => (q - quantizer.ZeroPoint) * quantizer.Scale,
            _ => (quantizer.Scale, -(double)quantizer.ZeroPoint * quantizer.Scale));
        return new EncryptedValue(shape, source, ElementChain.Identity.Then(operation), quantizer);
    }

    private static int[] WithoutBatch(int[] shape) => shape.Length > 1 ? shape[1..] : shape;
}
