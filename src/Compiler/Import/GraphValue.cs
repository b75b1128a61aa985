using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Import;

/// <summary>What a name of the ONNX graph stands for during import.</summary>
internal abstract record GraphValue;

/// <summary>A constant.</summary>
internal sealed record ConstantValue(Tensor Tensor) : GraphValue;

/// <summary>A constant that went through a quantizer: floats = (integers − zero-point) · scale.</summary>
/// <param name="Tensor">The dequantized floats.</param>
/// <param name="Integers">The integers, minus the zero-point, of the same shape.</param>
/// <param name="Scale">The scales, broadcast to the tensor's shape.</param>
internal sealed record QuantizedConstantValue(Tensor Tensor, Tensor Integers, Tensor Scale) : GraphValue;

/// <summary>The model's float input before its quantizer, with the affine pre-scaling met so far: x · Multiplier + Offset.</summary>
internal sealed record InputValue(int[] Shape, float[] Multiplier, float[] Offset) : GraphValue;

/// <summary>
/// An encrypted tensor: each element is a function of one element of one circuit value. The functions are chains of float
/// operations, kept until a quantizer turns them into a table or a linear step absorbs them.
/// </summary>
/// <param name="Shape">The tensor's shape, with the batch dimension of 1.</param>
/// <param name="Source">The number of the circuit value.</param>
/// <param name="Chain">The functions, element by element.</param>
/// <param name="Quantizer">Where the tensor is a quantizer's output: the quantizer, real = (q − zero-point) · scale; the chain is that alone.</param>
internal sealed record EncryptedValue(int[] Shape, int Source, ElementChain Chain, UniformQuantizer? Quantizer) : GraphValue
{
    public int Length => Shape.Aggregate(1, (a, b) => a * b);
}
