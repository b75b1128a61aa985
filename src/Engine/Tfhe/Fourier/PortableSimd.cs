using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Two lanes by the cross-platform vectors, which every platform of .NET has (or emulates); no fused multiply-add.</summary>
internal readonly unsafe struct PortableSimd : ISimd<Vector128<double>>
{
    public static bool IsSupported => true;

    public static int Lanes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address) => KeyPrefetch.ToSecondLevel(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Vector128<double> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Broadcast(double* source) => Vector128.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Create(double value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplySubtract(Vector128<double> a, Vector128<double> b, Vector128<double> c) => (a * b) - c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> NegateMultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => c - (a * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginForward64(double* data, nint stride, int count, double* twiddles) => PortableBlock.BeginForward(data, stride, count, twiddles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndForward64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep) => PortableBlock.EndForward(source, stride, target, targetStride, count, twiddles, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginInverse64(double* data, nint stride, int count, double* twiddles) => PortableBlock.BeginInverse(data, stride, count, twiddles);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndInverse64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep) => PortableBlock.EndInverse(source, stride, target, targetStride, count, twiddles, prefetch, prefetchStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Digit(ulong* rotated, bool negate, ulong* current, Vector128<double> offset, Vector128<ulong> shift, bool top, Vector128<double> mask, Vector128<double> bias)
    {
        Vector128<ulong> rest = offset.AsUInt64() - Vector128.Load(current);
        Vector128<ulong> x = negate ? rest - Vector128.Load(rotated) : rest + Vector128.Load(rotated);
        Vector128<ulong> field = Vector128.ShiftRightLogical(x, (int)shift.ToScalar());
        field = top ? field : field & mask.AsUInt64();
        return (field | Vector128.Create(DigitConstants.ExponentOf2Pow52)).AsDouble() - bias;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToTorus(ulong* words, ulong* target, Vector128<double> value)
    {
        // No conversion to 64-bit integers here: a fraction of a turn plus 1 has the fraction's first 52 bits as its mantissa.
        Vector128<double> fraction = value - Vector128.Floor(value);
        Vector128<ulong> rounded = Vector128.ShiftLeft((fraction + Vector128<double>.One).AsUInt64(), 12);
        (Vector128.Load(words) + rounded).Store(target);
    }
}
