namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>The measured time of one CMUX of a shape.</summary>
/// <param name="GlweDimension">k.</param>
/// <param name="PolynomialSize">N.</param>
/// <param name="Levels">l of the bootstrapping key.</param>
/// <param name="Log2Extension">ν.</param>
/// <param name="Batch">The ciphertexts of a full batch; 1 where ciphertexts share nothing.</param>
/// <param name="Step">One CMUX of one accumulator.</param>
public sealed record RotationTime(int GlweDimension, int PolynomialSize, int Levels, int Log2Extension, int Batch, UnitTime Step)
{
    /// <summary>Whether a set's blind rotation has this shape.</summary>
    public bool Fits(ParameterSet p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return p.GlweDimension.Value == GlweDimension && p.PolynomialSize.Value == PolynomialSize && p.Bootstrap.Levels == Levels && p.Log2Extension == Log2Extension;
    }
}
