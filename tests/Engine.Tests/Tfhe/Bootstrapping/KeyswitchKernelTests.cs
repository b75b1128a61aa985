using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public unsafe class KeyswitchKernelTests
{
    [Theory]
    [InlineData(1, 64, 4, 4, 90)]
    [InlineData(2, 64, 4, 4, 95)]
    [InlineData(3, 70, 3, 5, 96)]
    [InlineData(5, 33, 2, 11, 31)]
    [InlineData(8, 256, 3, 6, 127)]
    [InlineData(13, 65, 1, 1, 32)]
    public void Every_batch_equals_the_sum_by_the_definition(int count, int big, int baseLog, int levels, int small)
    {
        var random = new System.Random(count);
        int rows = big * levels, stride = KeyswitchKernel.Stride(small);
        using var key = new NativeBuffer((long)rows * stride * sizeof(uint));
        using var digits = new NativeBuffer((long)count * rows * sizeof(int));
        using var target = new NativeBuffer((long)count * stride * sizeof(uint));
        uint[][] keyRows = [.. Enumerable.Range(0, rows).Select(_ => Words(random, small + 1))];
        for (int row = 0; row < rows; row++)
        {
            KeyswitchKernel.PutRow(keyRows[row], row, rows, key.Words32);
        }

        uint[] source = Words(random, count * (big + 1));
        KeyswitchKernel.Switch(source, count, big, baseLog, levels, key.Words32, stride, (int*)digits.Words32, small, target.Words32);
        for (int c = 0; c < count; c++)
        {
            uint[] expected = Expected(source.AsSpan(c * (big + 1), big + 1), baseLog, levels, keyRows, small);
            Assert.Equal(expected, new ReadOnlySpan<uint>(target.Words32 + (c * stride), small + 1).ToArray());
            Assert.True(new ReadOnlySpan<uint>(target.Words32 + (c * stride) + small + 1, stride - small - 1).IndexOfAnyExcept(0u) < 0);
        }
    }

    private static uint[] Words(System.Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1L << 32))];

    /// <summary>out = (0, b − half of what the digits drop) − Σ d_j(a_i)·row, with digits that recompose the rounded a_i.</summary>
    private static uint[] Expected(ReadOnlySpan<uint> ciphertext, int baseLog, int levels, uint[][] keyRows, int small)
    {
        var result = new uint[small + 1];
        long dropped = 0;
        int bits = baseLog * levels, half = 1 << (baseLog - 1);
        for (int i = 0; i < ciphertext.Length - 1; i++)
        {
            // The nearest multiple of 2^(32 − bits), upwards at ties, in units of it; then digits in [−B/2, B/2) from the least significant.
            long rest = (ciphertext[i] + (1L << (31 - bits))) >> (32 - bits);
            dropped += ciphertext[i] - (rest << (32 - bits));
            for (int j = levels - 1; j >= 0; j--)
            {
                int digit = (int)(rest & ((1 << baseLog) - 1));
                digit -= digit >= half ? 1 << baseLog : 0;
                rest = (rest - digit) >> baseLog;
                for (int column = 0; column <= small; column++)
                {
                    result[column] -= (uint)digit * keyRows[(i * levels) + j][column];
                }
            }
        }

        result[small] += ciphertext[^1] - (uint)(dropped >> 1);
        return result;
    }
}
