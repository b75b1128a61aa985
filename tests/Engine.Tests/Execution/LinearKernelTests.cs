using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Engine.Tests.Execution;

public class LinearKernelTests
{
    // Densities on both sides of the kernel's rules (long tiles, chunks of 96 columns), ciphertexts shorter than a tile, rows without entries.
    [Theory]
    [InlineData(5, 300, 1.0, 2049, 1)]
    [InlineData(5, 300, 0.5, 2049, 2)]
    [InlineData(40, 200, 0.02, 2049, 1)]
    [InlineData(40, 200, 0.02, 4097, 3)]
    [InlineData(7, 97, 0.9, 129, 8)]
    [InlineData(3, 96, 1.0, 64, 1)]
    [InlineData(3, 5, 0.4, 63, 2)]
    public void The_product_is_added_word_by_word(int rows, int columns, double density, int row, int threads)
    {
        var random = new System.Random(rows + columns);
        var dense = new int[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                dense[r, c] = r != 1 && random.NextDouble() < density ? random.Next(int.MinValue, int.MaxValue) : 0;
            }
        }

        uint[] source = Words(random, columns * row), target = Words(random, rows * row);
        uint[] expected = [.. target];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                for (int i = 0; i < row; i++)
                {
                    expected[(r * row) + i] += (uint)dense[r, c] * source[(c * row) + i];
                }
            }
        }

        LinearKernel.AddProduct(SparseMatrix.FromDense(dense), source, target, row, threads);
        Assert.Equal(expected, target);
    }

    private static uint[] Words(System.Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1L << 32))];
}
