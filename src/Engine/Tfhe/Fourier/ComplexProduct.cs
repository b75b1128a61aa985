using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Products of complex numbers in separate registers of real and imaginary parts: a·b, and a times the conjugate of b.</summary>
internal static class ComplexProduct<S, TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Re(TVector ar, TVector ai, TVector br, TVector bi) => S.MultiplySubtract(ar, br, S.Multiply(ai, bi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Im(TVector ar, TVector ai, TVector br, TVector bi) => S.MultiplyAdd(ar, bi, S.Multiply(ai, br));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ConjRe(TVector ar, TVector ai, TVector br, TVector bi) => S.MultiplyAdd(ar, br, S.Multiply(ai, bi));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ConjIm(TVector ar, TVector ai, TVector br, TVector bi) => S.MultiplySubtract(ai, br, S.Multiply(ar, bi));
}
