using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>The instruction sets that the kernels are compiled for.</summary>
internal enum SimdPath
{
    /// <summary>128-bit vectors without fused multiply-add: runs everywhere.</summary>
    Portable,

    /// <summary>AVX2 and FMA.</summary>
    Avx2,

    /// <summary>AVX-512 F and DQ.</summary>
    Avx512,
}

/// <summary>Which paths this machine can run.</summary>
internal static class SimdPaths
{
    /// <summary>The widest path of this machine.</summary>
    public static SimdPath Best { get; } =
        Avx512Simd.IsSupported && Vector512.IsHardwareAccelerated ? SimdPath.Avx512 : Avx2Simd.IsSupported ? SimdPath.Avx2 : SimdPath.Portable;

    /// <summary>All paths of this machine.</summary>
    public static IEnumerable<SimdPath> Supported => Enum.GetValues<SimdPath>().Where(p => p <= Best);
}
