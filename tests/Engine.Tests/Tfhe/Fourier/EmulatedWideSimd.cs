using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tests.Tfhe.Fourier;

/// <summary>What AVX-512 does, lane by lane: the kernels of eight lanes can be tested where no processor has it.</summary>
internal readonly unsafe struct EmulatedWideSimd : IWideSimd<Vector512<double>>
{
    public static bool IsSupported => true;

    public static int Lanes => 8;

    public static void Prefetch(byte* address) => KeyPrefetch.ToSecondLevel(address);

    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    public static void Store(double* target, Vector512<double> value) => value.Store(target);

    public static Vector512<double> Broadcast(double* source) => Vector512.Create(*source);

    public static Vector512<double> Create(double value) => Vector512.Create(value);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Each(i => Math.FusedMultiplyAdd(a[i], b[i], c[i]));

    public static Vector512<double> MultiplySubtract(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Each(i => Math.FusedMultiplyAdd(a[i], b[i], -c[i]));

    public static Vector512<double> NegateMultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Each(i => Math.FusedMultiplyAdd(-a[i], b[i], c[i]));

    public static Vector512<double> InterleaveEven(Vector512<double> a, Vector512<double> b) => Each(i => i % 2 == 0 ? a[i] : b[i - 1]);

    public static Vector512<double> InterleaveOdd(Vector512<double> a, Vector512<double> b) => Each(i => i % 2 == 0 ? a[i + 1] : b[i]);

    public static Vector512<double> EvenPairs(Vector512<double> a, Vector512<double> b) => Pairs(a, b, 0);

    public static Vector512<double> OddPairs(Vector512<double> a, Vector512<double> b) => Pairs(a, b, 2);

    public static void BeginForward64(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            WideBlock<EmulatedWideSimd, Vector512<double>>.BeginForward(data + (stride * i), twiddles);
        }
    }

    public static void EndForward64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            WideBlock<EmulatedWideSimd, Vector512<double>>.EndForward(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    public static void BeginInverse64(double* data, nint stride, int count, double* twiddles)
    {
        for (int i = 0; i < count; i++)
        {
            WideBlock<EmulatedWideSimd, Vector512<double>>.BeginInverse(data + (stride * i), twiddles);
        }
    }

    public static void EndInverse64(double* source, nint stride, double* target, nint targetStride, int count, double* twiddles, byte* prefetch, nint prefetchStep)
    {
        for (int i = 0; i < count; i++, prefetch += 8 * prefetchStep)
        {
            WideBlock<EmulatedWideSimd, Vector512<double>>.EndInverse(source + (stride * i), target + (targetStride * i), twiddles, prefetch, prefetchStep);
        }
    }

    public static Vector512<double> Digit(ulong* rotated, bool negate, ulong* current, Vector512<double> offset, Vector128<ulong> shift, bool top, Vector512<double> mask, Vector512<double> bias)
    {
        var digits = new double[8];
        for (int i = 0; i < 8; i++)
        {
            ulong x = (negate ? 0 - rotated[i] : rotated[i]) - current[i] + Bits(offset[i]);
            digits[i] = BitConverter.UInt64BitsToDouble(((x >> (int)shift[0]) & (top ? ulong.MaxValue : Bits(mask[i]))) | DigitConstants.ExponentOf2Pow52) - bias[i];
        }

        return Vector512.Create(digits);
    }

    public static void AddToTorus(ulong* words, ulong* target, Vector512<double> value)
    {
        for (int i = 0; i < 8; i++)
        {
            double scaled = Math.Round((value[i] - Math.Round(value[i])) * 18446744073709551616.0);

            // The instruction answers what does not fit with the lowest integer, which is the right word for 2^63.
            target[i] = words[i] + (ulong)(scaled >= 9223372036854775808.0 ? long.MinValue : (long)scaled);
        }
    }

    private static Vector512<double> Pairs(Vector512<double> a, Vector512<double> b, int first) =>
        Vector512.Create(a[first], a[first + 1], a[first + 4], a[first + 5], b[first], b[first + 1], b[first + 4], b[first + 5]);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static Vector512<double> Each(Func<int, double> lane)
    {
        var lanes = new double[8];
        for (int i = 0; i < 8; i++)
        {
            lanes[i] = lane(i);
        }

        return Vector512.Create(lanes);
    }
}
