using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Asks for one cache line of a key ahead of its use; any address will do.</summary>
internal static unsafe class KeyPrefetch
{
    /// <summary>Into all levels of cache. Measured on Zen 5, whose first level holds 48 KiB: 8 % less for a bootstrap alone than into the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirstLevel(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Into the second level, and so past a small first one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToSecondLevel(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
