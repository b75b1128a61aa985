namespace BlindGrain.Compiler.Quantization;

/// <summary>What is known of a tensor while quantizers are put in.</summary>
/// <param name="Depends">Whether it depends on the input.</param>
/// <param name="Root">What its elements are functions of, one to one; tensors of one root fuse.</param>
/// <param name="Grid">The grid that its values lie on, or null.</param>
/// <param name="Affine">Whether it is affine in what a linear step yields, so that it may leave the circuit as it is.</param>
/// <param name="Raw">Whether it is the input, or an affine function of it, before any quantizer.</param>
/// <param name="Inherited">A grid that its values lie on, on which it is to be quantized once more where integers are needed; null where data choose the grid.</param>
internal sealed record TensorFacts(bool Depends, string Root, TensorGrid? Grid, bool Affine, bool Raw = false, TensorGrid? Inherited = null)
{
    public static TensorFacts Constant { get; } = new(false, "", null, true);
}

/// <summary>Where a quantized tensor lies.</summary>
/// <param name="Name">The quantized tensor.</param>
/// <param name="Scale">Its scale.</param>
/// <param name="ZeroPoint">Its zero-point.</param>
/// <param name="Bits">Its bits.</param>
/// <param name="Given">Whether the model's own quantizer made it; then the others are not asked for.</param>
internal sealed record TensorGrid(string Name, float Scale, int ZeroPoint, int Bits, bool Given = false)
{
    /// <summary>Where a quantizer of the model puts a tensor.</summary>
    public static TensorGrid Of(string name) => new(name, float.NaN, 0, 0, Given: true);
}
