using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Fourier;

/// <summary>The kernels of eight lanes, which production runs on AVX-512 only, give what the portable path gives, on any machine.</summary>
public unsafe class WideKernelTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void Transforms_of_eight_lanes_equal_the_portable_ones(int size)
    {
        FourierPlan plan = FourierPlan.For(size);
        using NativeBuffer wide = Random(size), portable = Random(size);
        FourierKernel<EmulatedWideSimd, Vector512<double>>.Forward(wide.Doubles, plan);
        FourierKernel<PortableSimd, Vector128<double>>.Forward(portable.Doubles, plan);
        Dictionary<int, (double Re, double Im)> expected = TransformOrder.Values(portable.Doubles, PortableOrder(size, plan));
        foreach ((int root, (double re, double im)) in TransformOrder.Values(wide.Doubles, WideOrder(size, plan)))
        {
            Assert.Equal(expected[root].Re, re, 1e-9 * size);
            Assert.Equal(expected[root].Im, im, 1e-9 * size);
        }

        FourierKernel<EmulatedWideSimd, Vector512<double>>.Inverse(wide.Doubles, plan);
        FourierKernel<PortableSimd, Vector128<double>>.Inverse(portable.Doubles, plan);
        Close(portable, wide, size);
    }

    [Theory]
    [InlineData(1, 1024, 23, 1)]
    [InlineData(2, 512, 15, 2)]
    [InlineData(3, 256, 17, 1)]
    public void A_CMUX_of_eight_lanes_equals_the_portable_one(int k, int size, int beta, int levels)
    {
        var parameters = new ParameterSet(new LweDimension(1000), new GlweDimension(Math.Max(k, 2048 / size)), new PolynomialSize(size), new Decomposition(beta, levels), new Decomposition(4, 4));
        var shape = new CmuxShape(parameters);
        var random = new System.Random(size);
        using var key = new NativeBuffer(shape.GgswDoubles * sizeof(double));
        for (long i = 0; i < shape.GgswDoubles; i++)
        {
            // The key's coefficients are words of the torus over 2^64, transformed, and over N/2.
            key.Doubles[i] = (random.NextDouble() - 0.5) / (1 << beta);
        }

        using NativeBuffer portableKey = Reordered(key, shape);
        var start = new ulong[shape.AccumulatorWords];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(start.AsSpan()));
        foreach (int rotation in new[] { 1, 7, 8, (size / 2) - 1, size / 2, (size / 2) + 3, size - 1, size, size + 5, (2 * size) - 1 })
        {
            ulong[] wide = Step<EmulatedWideSimd, Vector512<double>>(start, rotation, key, shape), portable = Step<PortableSimd, Vector128<double>>(start, rotation, portableKey, shape);
            for (int u = 0; u < shape.Columns; u++)
            {
                for (int t = 0; t < size; t++)
                {
                    long difference = (long)(wide[(u * shape.Stride) + t] - portable[(u * shape.Stride) + t]);
                    Assert.InRange(difference, -(1L << 24), 1L << 24);
                }
            }
        }
    }

    private static int[] WideOrder(int size, FourierPlan plan) => TransformOrder.Of(size, x => FourierKernel<EmulatedWideSimd, Vector512<double>>.Forward((double*)x, plan));

    private static int[] PortableOrder(int size, FourierPlan plan) => TransformOrder.Of(size, x => FourierKernel<PortableSimd, Vector128<double>>.Forward((double*)x, plan));

    /// <summary>A key whose values are in the order of eight lanes, in the portable order.</summary>
    private static NativeBuffer Reordered(NativeBuffer key, CmuxShape shape)
    {
        var reordered = new NativeBuffer(shape.GgswDoubles * sizeof(double));
        int[] wide = WideOrder(shape.Size, shape.Plan), portable = PortableOrder(shape.Size, shape.Plan);
        int polynomials = shape.Rows * shape.Columns;
        for (int i = 0; i < wide.Length; i++)
        {
            int from = Array.IndexOf(wide, portable[i]);
            for (int p = 0; p < polynomials; p++)
            {
                for (int part = 0; part < 16; part += 8)
                {
                    reordered.Doubles[(((i / 8 * polynomials) + p) * 16) + (i % 8) + part] = key.Doubles[(((from / 8 * polynomials) + p) * 16) + (from % 8) + part];
                }
            }
        }

        return reordered;
    }

    private static ulong[] Step<S, TVector>(ulong[] start, int rotation, NativeBuffer key, CmuxShape shape)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        using var work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        using var accumulator = new NativeBuffer((long)start.Length * sizeof(ulong));
        ulong* words = (ulong*)accumulator.Doubles;
        start.CopyTo(new Span<ulong>(words, start.Length));
        CmuxKernel<S, TVector>.Step(words, rotation, words, words, key.Doubles, default, shape, work.Doubles);
        return new Span<ulong>(words, start.Length).ToArray();
    }

    private static NativeBuffer Random(int size)
    {
        var random = new System.Random(size);
        var buffer = new NativeBuffer((long)size * sizeof(double));
        for (int i = 0; i < size; i++)
        {
            buffer.Doubles[i] = random.Next(-(1 << 22), 1 << 22);
        }

        return buffer;
    }

    private static void Close(NativeBuffer expected, NativeBuffer actual, int size)
    {
        double largest = Enumerable.Range(0, size).Max(i => Math.Abs(expected.Doubles[i]));
        for (int i = 0; i < size; i++)
        {
            Assert.Equal(expected.Doubles[i], actual.Doubles[i], largest * 1e-14);
        }
    }
}
