using BlindGrain.Compiler.Functions;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>What a name of the ONNX graph stands for during import.</summary>
internal abstract record GraphValue(int[] Shape)
{
    /// <summary>The number of elements.</summary>
    public int Length => Sizes.Product(Shape);
}

/// <summary>A constant.</summary>
internal sealed record ConstantValue(Tensor Tensor) : GraphValue(Tensor.Shape);

/// <summary>A constant that went through a quantizer: floats = (integers − zero-point) · scale.</summary>
/// <param name="Tensor">The dequantized floats.</param>
/// <param name="Integers">The integers, minus the zero-point, of the same shape.</param>
/// <param name="Scale">The scales, broadcast to the tensor's shape.</param>
internal sealed record QuantizedConstantValue(Tensor Tensor, Tensor Integers, Tensor Scale) : GraphValue(Tensor.Shape);

/// <summary>The model's float input before its quantizer, with the affine pre-scaling met so far: x[Index] · Multiplier + Offset, element by element.</summary>
internal sealed record InputValue(int[] Shape, int[] Index, float[] Multiplier, float[] Offset) : GraphValue(Shape)
{
    /// <summary>The elements at the given places, under another shape.</summary>
    public InputValue Gather(int[] shape, int[] from) => new(shape, [.. from.Select(i => Index[i])], [.. from.Select(i => Multiplier[i])], [.. from.Select(i => Offset[i])]);
}

/// <summary>One element of a value of the circuit.</summary>
/// <param name="Value">The value's number; −1 where the tensor's element is a constant.</param>
/// <param name="Index">The element's index in the value.</param>
internal readonly record struct ElementReference(int Value, int Index)
{
    /// <summary>No element: what a constant refers to.</summary>
    public static ElementReference None { get; } = new(-1, 0);
}

/// <summary>
/// An encrypted tensor: each element is a function of one element of a circuit value. The functions wait until a linear step or a comparison needs
/// integers: then they become look-ups, or nothing where they are affine.
/// </summary>
/// <param name="Shape">The tensor's shape, with the batch dimension of 1.</param>
/// <param name="Elements">For each element, what it depends on.</param>
/// <param name="Functions">For each element, how.</param>
internal sealed record EncryptedValue(int[] Shape, ElementReference[] Elements, ElementFunction[] Functions) : GraphValue(Shape)
{
    /// <summary>A circuit value as it is: its integers, under a shape.</summary>
    public static EncryptedValue Of(int[] shape, int value, ElementFunction function) => new(
        shape,
        [.. Enumerable.Range(0, Sizes.Product(shape)).Select(i => new ElementReference(value, i))],
        [.. Enumerable.Repeat(function, Sizes.Product(shape))]);

    /// <summary>The elements at the given places, under another shape.</summary>
    public EncryptedValue Gather(int[] shape, int[] from) => new(shape, [.. from.Select(i => Elements[i])], [.. from.Select(i => Functions[i])]);
}

/// <summary>What the client computes at the end of an encrypted tensor: nothing but the graph's output may follow.</summary>
internal sealed record ClientValue(EncryptedValue Source, ClientOperation Operation) : GraphValue(Source.Shape);
