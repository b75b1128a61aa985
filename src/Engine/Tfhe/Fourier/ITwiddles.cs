using System.Runtime.CompilerServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Where a radix-8 butterfly's twiddles u^1 to u^7 come from.</summary>
/// <typeparam name="TVector">The register's type.</typeparam>
internal unsafe interface ITwiddles<TVector>
    where TVector : unmanaged
{
    /// <summary>The real part of u^<paramref name="power"/>.</summary>
    static abstract TVector Re(double* twiddles, int power);

    /// <summary>The imaginary part.</summary>
    static abstract TVector Im(double* twiddles, int power);
}

/// <summary>One u for all lanes, its powers as (re, im).</summary>
internal readonly unsafe struct ScalarTwiddles<S, TVector> : ITwiddles<TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Re(double* twiddles, int power) => S.Broadcast(twiddles + (2 * power) - 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Im(double* twiddles, int power) => S.Broadcast(twiddles + (2 * power) - 1);
}

/// <summary>One u a lane, its powers as [8 re][8 im].</summary>
internal readonly unsafe struct LaneTwiddles<S, TVector> : ITwiddles<TVector>
    where S : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Re(double* twiddles, int power) => S.Load(twiddles + (16 * power) - 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Im(double* twiddles, int power) => S.Load(twiddles + (16 * power) - 8);
}
