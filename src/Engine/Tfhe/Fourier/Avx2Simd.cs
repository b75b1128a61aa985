using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Four lanes on AVX2 with FMA.</summary>
internal readonly unsafe struct Avx2Simd : INarrowSimd<Vector256<double>>
{
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Lanes => 4;

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
    public static void EvenColumns(double* matrix, out Vector256<double> column0, out Vector256<double> column2)
    {
        Vector256<double> low = Avx.UnpackLow(Vector256.Load(matrix), Vector256.Load(matrix + 16));
        Vector256<double> high = Avx.UnpackLow(Vector256.Load(matrix + 32), Vector256.Load(matrix + 48));
        column0 = Avx.Permute2x128(low, high, 0x20);
        column2 = Avx.Permute2x128(low, high, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OddColumns(double* matrix, out Vector256<double> column1, out Vector256<double> column3)
    {
        Vector256<double> low = Avx.UnpackHigh(Vector256.Load(matrix), Vector256.Load(matrix + 16));
        Vector256<double> high = Avx.UnpackHigh(Vector256.Load(matrix + 32), Vector256.Load(matrix + 48));
        column1 = Avx.Permute2x128(low, high, 0x20);
        column3 = Avx.Permute2x128(low, high, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep) =>
        NarrowBlock<Avx2Simd, Vector256<double>>.Forward64(source, target, scalar, vector, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse64(double* source, double* target, double* scalar, double* vector, byte* prefetch, nint prefetchStep) =>
        NarrowBlock<Avx2Simd, Vector256<double>>.Inverse64(source, target, scalar, vector, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Digit(ulong* rotated, ulong* current, Vector256<double> sign, Vector256<double> offset, Vector128<ulong> shift, Vector256<double> mask, Vector256<double> bias)
    {
        Vector256<ulong> x = (Vector256.Load(rotated) ^ sign.AsUInt64()) - Vector256.Load(current) + offset.AsUInt64();
        Vector256<ulong> field = Avx2.ShiftRightLogical(x, shift) & mask.AsUInt64();
        return (field | Vector256.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - bias;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Vector256<double> value)
    {
        // No conversion to 64-bit integers here: the fraction is split in two halves of 32 bits, each rounded by adding a
        // number whose last mantissa bit weighs 2^-32 or 2^-64, so that the halves are then in the low mantissa bits.
        Vector256<double> magicHigh = Vector256.Create(1572864.0), magicLow = Vector256.Create(0.0003662109375);
        Vector256<double> fraction = value - Avx.RoundToNearestInteger(value);
        Vector256<double> high = fraction + magicHigh;
        Vector256<double> low = (fraction - (high - magicHigh)) + magicLow;
        Vector256<ulong> rounded = Vector256.ShiftLeft(high.AsUInt64(), 32) + (low.AsUInt64() - magicLow.AsUInt64());
        (Vector256.Load(words) + rounded).Store(target);
    }
}
