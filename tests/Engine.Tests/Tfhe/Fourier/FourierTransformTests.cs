using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tests.Tfhe.Fourier;

public unsafe class FourierTransformTests
{
    public static TheoryData<int, string> SizesAndPaths()
    {
        var data = new TheoryData<int, string>();
        foreach (int size in new[] { 256, 512, 1024, 2048, 4096, 8192, 16384, 65536 })
        {
            foreach (SimdPath path in SimdPaths.Supported)
            {
                data.Add(size, path.ToString());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SizesAndPaths))]
    public void A_product_in_the_Fourier_domain_is_the_negacyclic_product(int size, string path)
    {
        SimdPath simd = Enum.Parse<SimdPath>(path);
        var random = new System.Random(size);
        double[] a = [.. Enumerable.Range(0, size).Select(_ => (double)random.Next(-1000, 1001))];

        // A sparse second factor keeps the schoolbook product affordable at every size.
        (int Index, double Value)[] b = [(0, 3), (1, -7), (size / 2, 11), (size - 1, 5), (random.Next(size), 13)];
        var expected = new double[size];
        foreach ((int index, double value) in b)
        {
            for (int i = 0; i < size; i++)
            {
                int t = i + index;
                expected[t % size] += t < size ? a[i] * value : -a[i] * value;
            }
        }

        var dense = new double[size];
        foreach ((int index, double value) in b)
        {
            dense[index] += value;
        }

        FourierPlan plan = FourierPlan.For(size);
        using NativeBuffer x = Fold(a), y = Fold(dense);
        FourierTransform.Forward(x.Doubles, plan, simd);
        FourierTransform.Forward(y.Doubles, plan, simd);
        for (int v = 0; v < size; v += 16)
        {
            for (int lane = v; lane < v + 8; lane++)
            {
                double re = (x.Doubles[lane] * y.Doubles[lane]) - (x.Doubles[lane + 8] * y.Doubles[lane + 8]);
                x.Doubles[lane + 8] = (x.Doubles[lane] * y.Doubles[lane + 8]) + (x.Doubles[lane + 8] * y.Doubles[lane]);
                x.Doubles[lane] = re;
            }
        }

        FourierTransform.Inverse(x.Doubles, plan, simd);
        double[] actual = Unfold(x, size);
        for (int t = 0; t < size; t++)
        {
            Assert.Equal(expected[t], actual[t] / plan.Points, 1e-6);
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(2048)]
    [InlineData(8192)]
    public void All_paths_give_the_same_values_within_rounding(int size)
    {
        var random = new System.Random(size);
        double[] a = [.. Enumerable.Range(0, size).Select(_ => (double)random.Next(-(1 << 22), 1 << 22))];
        FourierPlan plan = FourierPlan.For(size);
        Dictionary<int, (double Re, double Im)> reference = Values(a, SimdPath.Portable);
        double scale = Math.Sqrt(size) * (1 << 22);
        foreach (SimdPath path in SimdPaths.Supported)
        {
            foreach ((int root, (double re, double im)) in Values(a, path))
            {
                Assert.Equal(reference[root].Re, re, scale * 1e-14);
                Assert.Equal(reference[root].Im, im, scale * 1e-14);
            }
        }

        Dictionary<int, (double Re, double Im)> Values(double[] polynomial, SimdPath path)
        {
            using NativeBuffer data = Fold(polynomial);
            FourierTransform.Forward(data.Doubles, plan, path);
            return TransformOrder.Values(data.Doubles, TransformOrder.Of(size, x => FourierTransform.Forward((double*)x, plan, path)));
        }
    }

    [Fact]
    public void The_transform_evaluates_at_the_roots_of_minus_one()
    {
        // X transforms to its own evaluation points: N/2 distinct numbers on the unit circle with z^N = −1.
        const int Size = 256;
        var x = new double[Size];
        x[1] = 1;
        using NativeBuffer data = Fold(x);
        FourierTransform.Forward(data.Doubles, FourierPlan.For(Size), SimdPaths.Best);
        var seen = new HashSet<long>();
        for (int v = 0; v < Size; v += 16)
        {
            for (int lane = v; lane < v + 8; lane++)
            {
                double angle = Math.Atan2(data.Doubles[lane + 8], data.Doubles[lane]);
                double odd = angle * Size / Math.PI;
                Assert.Equal(1, Math.Abs(Math.Round(odd) % 2), 1e-9);
                Assert.Equal(Math.Round(odd), odd, 1e-9);
                Assert.True(seen.Add((long)Math.Round(odd)));
            }
        }
    }

    private static NativeBuffer Fold(double[] coefficients)
    {
        var buffer = new NativeBuffer((long)coefficients.Length * sizeof(double));
        int points = coefficients.Length / 2;
        for (int t = 0; t < points; t++)
        {
            buffer.Doubles[(t / 8 * 16) + (t % 8)] = coefficients[t];
            buffer.Doubles[(t / 8 * 16) + (t % 8) + 8] = coefficients[t + points];
        }

        return buffer;
    }

    private static double[] Unfold(NativeBuffer buffer, int size)
    {
        var coefficients = new double[size];
        int points = size / 2;
        for (int t = 0; t < points; t++)
        {
            coefficients[t] = buffer.Doubles[(t / 8 * 16) + (t % 8)];
            coefficients[t + points] = buffer.Doubles[(t / 8 * 16) + (t % 8) + 8];
        }

        return coefficients;
    }
}
