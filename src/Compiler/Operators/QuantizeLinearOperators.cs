using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>ONNX's own quantizers: QuantizeLinear yields integers of 4, 8 or 16 bits, DequantizeLinear real numbers.</summary>
internal static class QuantizeLinearOperators
{
    public static GraphValue[] QuantizeLinear(GraphNode node, ImportContext context)
    {
        Tensor scale = context.Constant(node, 1, "a scale");
        Tensor zero = context.OptionalConstant(node, 2, "a zero-point") ?? new Tensor([], [0], (ElementType)node.Int("output_dtype", (int)ElementType.UInt8));
        return [Quantize(node, context, context.Input(node, 0), scale, zero, (int)node.Int("axis", 1))];
    }

    public static GraphValue[] DequantizeLinear(GraphNode node, ImportContext context)
    {
        Tensor scale = context.Constant(node, 1, "a scale");
        Tensor zero = context.OptionalConstant(node, 2, "a zero-point") ?? new Tensor([], [0]);
        return [Dequantize(node, context, context.Input(node, 0), scale, zero, (int)node.Int("axis", 1))];
    }

    /// <summary>saturate(round(x / scale) + zero-point), as integers.</summary>
    public static GraphValue Quantize(GraphNode node, ImportContext context, GraphValue x, Tensor scale, Tensor zero, int axis)
    {
        (int bits, bool signed) = zero.Type switch
        {
            ElementType.Int4 => (4, true),
            ElementType.UInt4 => (4, false),
            ElementType.Int8 => (8, true),
            ElementType.UInt8 => (8, false),
            ElementType.Int16 => (16, true),
            ElementType.UInt16 => (16, false),
            _ => throw new UnsupportedModelException($"Node {node.Label} quantizes to {zero.Type}; int4, uint4, int8, uint8, int16 and uint16 are supported."),
        };
        (Tensor scales, Tensor zeros) = (AlongAxis(node, x, scale, axis), AlongAxis(node, x, zero, axis));
        UniformQuantizer quantizer = Quantizing.Create(node, scales.Data[0], zeros.Data[0], bits, signed, false);
        return x is InputValue input
            ? Quantizing.QuantizeInput(node, context, input, scales, zeros, bits, signed, false)
            : Quantizing.Quantize(node, context, x, scales, zeros, quantizer.QMin, quantizer.QMax, "ROUND", zeroLast: true);
    }

    /// <summary>(x − zero-point) · scale; of a constant, weights that stay integers.</summary>
    public static GraphValue Dequantize(GraphNode node, ImportContext context, GraphValue x, Tensor scale, Tensor zero, int axis)
    {
        if (scale.Shape.Length > 1 || node.Int("block_size", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} dequantizes blocks; one scale a tensor or one an index of an axis is supported.");
        }

        (Tensor scales, Tensor zeros) = (AlongAxis(node, x, scale, axis), AlongAxis(node, x, zero, axis));
        if (x is not ConstantValue constant)
        {
            return Quantizing.Dequantize(node, context, x, scales, zeros);
        }

        float[] s = Broadcasting.To(scales, x.Shape, node.Label), z = Broadcasting.To(zeros, x.Shape, node.Label);
        float[] integers = [.. constant.Tensor.Data.Select((q, i) => q - z[i])];
        return new QuantizedConstantValue(new Tensor(x.Shape, [.. integers.Select((q, i) => q * s[i])]), new Tensor(x.Shape, integers), new Tensor(x.Shape, s));
    }

    /// <summary>One number, or one an index of an axis, in a shape that broadcasts to the tensor's.</summary>
    private static Tensor AlongAxis(GraphNode node, GraphValue x, Tensor tensor, int axis)
    {
        if (tensor.Length == 1)
        {
            return new Tensor([], tensor.Data, tensor.Type);
        }

        int rank = x.Shape.Length, at = axis < 0 ? axis + rank : axis;
        if (at < 0 || at >= rank || tensor.Length != x.Shape[at])
        {
            throw new InvalidModelException($"Node {node.Label} has {tensor.Length} scales or zero-points along axis {axis} of a tensor of shape [{string.Join(", ", x.Shape)}].");
        }

        int[] shape = [.. Enumerable.Repeat(1, rank)];
        shape[at] = tensor.Length;
        return tensor.Reshape(shape);
    }
}
