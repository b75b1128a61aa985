using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Eight lanes in one 512-bit register.</summary>
internal readonly unsafe struct Avx512Simd : IWideSimd<Vector512<double>>
{
    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported;

    public static int Lanes => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address) => KeyPrefetch.ToFirstLevel(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Vector512<double> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double* source) => Vector512.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Create(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplySubtract(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Avx512F.FusedMultiplySubtract(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> NegateMultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Avx512F.FusedMultiplyAddNegated(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> InterleaveEven(Vector512<double> a, Vector512<double> b) => Avx512F.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> InterleaveOdd(Vector512<double> a, Vector512<double> b) => Avx512F.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> EvenPairs(Vector512<double> a, Vector512<double> b) => Avx512F.Shuffle4x128(a, b, 0x88);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> OddPairs(Vector512<double> a, Vector512<double> b) => Avx512F.Shuffle4x128(a, b, 0xDD);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginForward64(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            WideBlock<Avx512Simd, Vector512<double>>.BeginForward(data + (stride * i), twiddles);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndForward64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            WideBlock<Avx512Simd, Vector512<double>>.EndForward(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginInverse64(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            WideBlock<Avx512Simd, Vector512<double>>.BeginInverse(data + (stride * i), twiddles);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndInverse64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            WideBlock<Avx512Simd, Vector512<double>>.EndInverse(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Digit(ulong* rotated, bool negate, ulong* current, Vector512<double> offset, Vector128<ulong> shift, bool top, Vector512<double> mask, Vector512<double> bias)
    {
        Vector512<ulong> rest = offset.AsUInt64() - Vector512.Load(current);
        Vector512<ulong> x = negate ? rest - Vector512.Load(rotated) : rest + Vector512.Load(rotated);
        Vector512<ulong> field = Avx512F.ShiftRightLogical(x, shift);
        field = top ? field : field & mask.AsUInt64();
        return (field | Vector512.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - bias;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Vector512<double> value)
    {
        // A fraction of exactly 1/2 converts to 2^63 "out of range", which the instruction answers with the same word.
        Vector512<double> fraction = value - Avx512F.RoundScale(value, 0);
        Vector512<long> rounded = Avx512DQ.ConvertToVector512Int64(fraction * Vector512.Create(18446744073709551616.0));
        (Vector512.Load(words) + rounded.AsUInt64()).Store(target);
    }
}
