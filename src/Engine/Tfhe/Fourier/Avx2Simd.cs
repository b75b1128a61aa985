using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Eight lanes in two 256-bit registers: lanes 0 to 3 and 4 to 7.</summary>
internal readonly struct Pair256(Vector256<double> low, Vector256<double> high)
{
    public readonly Vector256<double> Low = low;
    public readonly Vector256<double> High = high;
}

/// <summary>Eight lanes on AVX2 with FMA.</summary>
internal readonly unsafe struct Avx2Simd : ISimd<Pair256>
{
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static bool FitsRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Load(double* source) => new(Vector256.Load(source), Vector256.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Pair256 value)
    {
        value.Low.Store(target);
        value.High.Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Broadcast(double* source) => Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Create(double value)
    {
        Vector256<double> v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Add(Pair256 a, Pair256 b) => new(a.Low + b.Low, a.High + b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Subtract(Pair256 a, Pair256 b) => new(a.Low - b.Low, a.High - b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Multiply(Pair256 a, Pair256 b) => new(a.Low * b.Low, a.High * b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 MultiplyAdd(Pair256 a, Pair256 b, Pair256 c) => new(Fma.MultiplyAdd(a.Low, b.Low, c.Low), Fma.MultiplyAdd(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 MultiplySubtract(Pair256 a, Pair256 b, Pair256 c) => new(Fma.MultiplySubtract(a.Low, b.Low, c.Low), Fma.MultiplySubtract(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 NegateMultiplyAdd(Pair256 a, Pair256 b, Pair256 c) => new(Fma.MultiplyAddNegated(a.Low, b.Low, c.Low), Fma.MultiplyAddNegated(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 InterleaveEven(Pair256 a, Pair256 b) => new(Avx.UnpackLow(a.Low, b.Low), Avx.UnpackLow(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 InterleaveOdd(Pair256 a, Pair256 b) => new(Avx.UnpackHigh(a.Low, b.Low), Avx.UnpackHigh(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 EvenPairs(Pair256 a, Pair256 b) => new(Avx.Permute2x128(a.Low, a.High, 0x20), Avx.Permute2x128(b.Low, b.High, 0x20));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 OddPairs(Pair256 a, Pair256 b) => new(Avx.Permute2x128(a.Low, a.High, 0x31), Avx.Permute2x128(b.Low, b.High, 0x31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair256 Digit(ulong* rotated, ulong* current, ulong negate, in DigitConstants digit) =>
        new(HalfDigit(rotated, current, negate, digit), HalfDigit(rotated + 4, current + 4, negate, digit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Pair256 value)
    {
        AddHalf(words, target, value.Low);
        AddHalf(words + 4, target + 4, value.High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> HalfDigit(ulong* rotated, ulong* current, ulong negate, in DigitConstants digit)
    {
        Vector256<ulong> sign = Vector256.Create(negate);
        Vector256<ulong> x = (Vector256.Load(rotated) ^ sign) - sign - Vector256.Load(current) + Vector256.Create(digit.Offset);
        Vector256<ulong> field = Vector256.ShiftRightLogical(x, digit.Shift) & Vector256.Create(digit.Mask);
        return (field | Vector256.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - Vector256.Create(digit.Bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHalf(ulong* words, ulong* target, Vector256<double> value)
    {
        // AVX2 has no conversion to 64-bit integers: the fraction is converted as two 32-bit halves, each by adding
        // 1.5 · 2^52, whose low mantissa bits then hold the rounded integer.
        Vector256<double> magic = Vector256.Create(6755399441055744.0);
        Vector256<double> two32 = Vector256.Create(4294967296.0);
        Vector256<double> scaled = (value - Avx.RoundToNearestInteger(value)) * two32;
        Vector256<double> high = scaled + magic;
        Vector256<double> low = ((scaled - (high - magic)) * two32) + magic;
        Vector256<ulong> bits = magic.AsUInt64();
        Vector256<ulong> rounded = Vector256.ShiftLeft(high.AsUInt64() - bits, 32) + (low.AsUInt64() - bits);
        (Vector256.Load(words) + rounded).Store(target);
    }
}
