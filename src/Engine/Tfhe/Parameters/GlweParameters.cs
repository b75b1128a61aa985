namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// What a big key is drawn for: k polynomials of N coefficients, and the noise of ciphertexts under it. Parameter sets that agree in these share one big key, and so their ciphertexts
/// may be added.
/// </summary>
/// <param name="GlweDimension">k.</param>
/// <param name="PolynomialSize">N.</param>
/// <param name="Log2Std">log2(σ/q) of GLWE ciphertexts, and of LWE ciphertexts under the big key.</param>
public readonly record struct GlweParameters(GlweDimension GlweDimension, PolynomialSize PolynomialSize, double Log2Std)
{
    /// <summary>kN, the dimension of LWE ciphertexts under the big key.</summary>
    public LweDimension BigDimension => new(GlweDimension.Value * PolynomialSize.Value);
}
