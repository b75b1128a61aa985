using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public unsafe class ProductKernelTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 1)]
    public void Sums_of_digits_times_key_are_right_on_every_instruction_set(int columns, int levels)
    {
        Check<PortableSimd, Vector128<double>>(columns, levels);
        if (Avx2Simd.IsSupported)
        {
            Check<Avx2Simd, Vector256<double>>(columns, levels);
        }

        if (Avx512Simd.IsSupported)
        {
            Check<Avx512Simd, Vector512<double>>(columns, levels);
        }
    }

    private static void Check<S, TVector>(int columns, int levels)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int rows = columns * levels;
        using NativeBuffer digits = Random(128 * rows, 1), key = Random(128 * rows * columns, 2), sums = Random(128 * columns, 3);
        ProductKernel<S, TVector>.Run(digits.Doubles, key.Doubles, rows, columns, sums.Doubles, (byte*)key.Doubles, 64);
        for (int c = 0; c < columns; c++)
        {
            for (int point = 0; point < 64; point++)
            {
                int v = point / 8, at = (16 * v) + (point % 8);
                double re = 0, im = 0;
                for (int r = 0; r < rows; r++)
                {
                    double* d = digits.Doubles + (128 * r) + at;
                    double* k = key.Doubles + (((((v * rows) + r) * columns) + c) * 16) + (point % 8);
                    re += (d[0] * k[0]) - (d[8] * k[8]);
                    im += (d[0] * k[8]) + (d[8] * k[0]);
                }

                Assert.Equal(re, sums.Doubles[(128 * c) + at], 1e-12);
                Assert.Equal(im, sums.Doubles[(128 * c) + at + 8], 1e-12);
            }
        }
    }

    private static NativeBuffer Random(int count, int seed)
    {
        var random = new System.Random(seed);
        var buffer = new NativeBuffer((long)count * sizeof(double));
        for (int i = 0; i < count; i++)
        {
            buffer.Doubles[i] = random.NextDouble() - 0.5;
        }

        return buffer;
    }
}
