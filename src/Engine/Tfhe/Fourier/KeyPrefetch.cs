using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Asks for parts of a key ahead of their use.</summary>
internal static unsafe class KeyPrefetch
{
    /// <summary>Asks for one cache line, into the second-level cache; any address will do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
