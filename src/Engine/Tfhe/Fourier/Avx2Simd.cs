using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Four lanes on AVX2 with FMA.</summary>
internal readonly unsafe struct Avx2Simd : ISimd<Vector256<double>>
{
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Lanes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address) => KeyPrefetch.ToSecondLevel(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Vector256<double> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double* source) => Vector256.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Create(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplySubtract(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplySubtract(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> NegateMultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginForward64(double* data, nint stride, int count, double* twiddles) => Avx2Block.BeginForward(data, stride, count, twiddles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndForward64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep) => Avx2Block.EndForward(source, stride, target, targetStride, count, twiddles, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginInverse64(double* data, nint stride, int count, double* twiddles) => Avx2Block.BeginInverse(data, stride, count, twiddles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndInverse64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep) => Avx2Block.EndInverse(source, stride, target, targetStride, count, twiddles, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Digit(ulong* rotated, bool negate, ulong* current, Vector256<double> offset, Vector128<ulong> shift, bool top, Vector256<double> mask, Vector256<double> bias)
    {
        Vector256<ulong> rest = offset.AsUInt64() - Vector256.Load(current);
        Vector256<ulong> x = negate ? rest - Vector256.Load(rotated) : rest + Vector256.Load(rotated);
        Vector256<ulong> field = Avx2.ShiftRightLogical(x, shift);
        field = top ? field : field & mask.AsUInt64();
        return (field | Vector256.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - bias;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Vector256<double> value)
    {
        // No conversion to 64-bit integers here: a fraction of a turn plus 1 has the fraction's first 52 bits as its mantissa.
        Vector256<double> fraction = value - Avx.RoundToNegativeInfinity(value);
        Vector256<ulong> rounded = Vector256.ShiftLeft((fraction + Vector256<double>.One).AsUInt64(), 12);
        (Vector256.Load(words) + rounded).Store(target);
    }
}
