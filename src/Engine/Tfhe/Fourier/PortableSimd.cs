using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Eight lanes in four 128-bit vectors, which every platform of .NET has (or emulates).</summary>
internal readonly struct Quad128(Vector128<double> v0, Vector128<double> v1, Vector128<double> v2, Vector128<double> v3)
{
    public readonly Vector128<double> V0 = v0;
    public readonly Vector128<double> V1 = v1;
    public readonly Vector128<double> V2 = v2;
    public readonly Vector128<double> V3 = v3;
}

/// <summary>Eight lanes by the cross-platform vectors; no fused multiply-add.</summary>
internal readonly unsafe struct PortableSimd : ISimd<Quad128>
{
    public static bool IsSupported => true;

    public static bool FitsRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Load(double* source) => new(Vector128.Load(source), Vector128.Load(source + 2), Vector128.Load(source + 4), Vector128.Load(source + 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Quad128 value)
    {
        value.V0.Store(target);
        value.V1.Store(target + 2);
        value.V2.Store(target + 4);
        value.V3.Store(target + 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Broadcast(double* source) => Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Create(double value)
    {
        Vector128<double> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Add(Quad128 a, Quad128 b) => new(a.V0 + b.V0, a.V1 + b.V1, a.V2 + b.V2, a.V3 + b.V3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Subtract(Quad128 a, Quad128 b) => new(a.V0 - b.V0, a.V1 - b.V1, a.V2 - b.V2, a.V3 - b.V3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Multiply(Quad128 a, Quad128 b) => new(a.V0 * b.V0, a.V1 * b.V1, a.V2 * b.V2, a.V3 * b.V3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 MultiplyAdd(Quad128 a, Quad128 b, Quad128 c) => Add(Multiply(a, b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 MultiplySubtract(Quad128 a, Quad128 b, Quad128 c) => Subtract(Multiply(a, b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 NegateMultiplyAdd(Quad128 a, Quad128 b, Quad128 c) => Subtract(c, Multiply(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 InterleaveEven(Quad128 a, Quad128 b) => new(Low(a.V0, b.V0), Low(a.V1, b.V1), Low(a.V2, b.V2), Low(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 InterleaveOdd(Quad128 a, Quad128 b) => new(High(a.V0, b.V0), High(a.V1, b.V1), High(a.V2, b.V2), High(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 EvenPairs(Quad128 a, Quad128 b) => new(a.V0, a.V2, b.V0, b.V2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 OddPairs(Quad128 a, Quad128 b) => new(a.V1, a.V3, b.V1, b.V3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad128 Digit(ulong* rotated, ulong* current, ulong negate, in DigitConstants digit) => new(
        QuarterDigit(rotated, current, negate, digit),
        QuarterDigit(rotated + 2, current + 2, negate, digit),
        QuarterDigit(rotated + 4, current + 4, negate, digit),
        QuarterDigit(rotated + 6, current + 6, negate, digit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Quad128 value)
    {
        AddQuarter(words, target, value.V0);
        AddQuarter(words + 2, target + 2, value.V1);
        AddQuarter(words + 4, target + 4, value.V2);
        AddQuarter(words + 6, target + 6, value.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) => Vector128.Create(a.ToScalar(), b.ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) => Vector128.Create(a.GetElement(1), b.GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> QuarterDigit(ulong* rotated, ulong* current, ulong negate, in DigitConstants digit)
    {
        Vector128<ulong> sign = Vector128.Create(negate);
        Vector128<ulong> x = (Vector128.Load(rotated) ^ sign) - sign - Vector128.Load(current) + Vector128.Create(digit.Offset);
        Vector128<ulong> field = Vector128.ShiftRightLogical(x, digit.Shift) & Vector128.Create(digit.Mask);
        return (field | Vector128.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - Vector128.Create(digit.Bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddQuarter(ulong* words, ulong* target, Vector128<double> value)
    {
        // As in Avx2Simd: two 32-bit halves, each rounded by adding 1.5 · 2^52. The integer part goes first, by the same
        // addition; it is below 2^51 for every gadget here.
        Vector128<double> magic = Vector128.Create(6755399441055744.0);
        Vector128<double> two32 = Vector128.Create(4294967296.0);
        Vector128<double> scaled = (value - ((value + magic) - magic)) * two32;
        Vector128<double> high = scaled + magic;
        Vector128<double> low = ((scaled - (high - magic)) * two32) + magic;
        Vector128<ulong> bits = magic.AsUInt64();
        Vector128<ulong> rounded = Vector128.ShiftLeft(high.AsUInt64() - bits, 32) + (low.AsUInt64() - bits);
        (Vector128.Load(words) + rounded).Store(target);
    }
}
