namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Eight lanes in one register of at least 32: sixteen vectors and their intermediate values fit.</summary>
/// <typeparam name="TVector">The register's type.</typeparam>
internal interface IWideSimd<TVector> : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>a0 b0 a2 b2 a4 b4 a6 b6.</summary>
    static abstract TVector InterleaveEven(TVector a, TVector b);

    /// <summary>a1 b1 a3 b3 a5 b5 a7 b7.</summary>
    static abstract TVector InterleaveOdd(TVector a, TVector b);

    /// <summary>With lane pairs A0..A3 of a and B0..B3 of b: A0 A2 B0 B2.</summary>
    static abstract TVector EvenPairs(TVector a, TVector b);

    /// <summary>With lane pairs A0..A3 of a and B0..B3 of b: A1 A3 B1 B3.</summary>
    static abstract TVector OddPairs(TVector a, TVector b);
}
