using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>Linear maps on ciphertexts of 2049 words.</summary>
public class LinearBenchmark
{
    private const int Row = 2049;
    private SparseMatrix? _matrix;
    private uint[] _source = [];
    private uint[] _target = [];

    [Params("dense 64×784", "half of 64×784", "tenth of 256×784", "convolution 8 to 8, 16×16", "convolution 1 to 8, 28×28")]
    public string Map { get; set; } = string.Empty;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _matrix = Map switch
        {
            "dense 64×784" => Random(64, 784, 1),
            "half of 64×784" => Random(64, 784, 0.5),
            "tenth of 256×784" => Random(256, 784, 0.1),
            "convolution 8 to 8, 16×16" => Convolution(8, 8, 16),
            _ => Convolution(1, 8, 28),
        };
        _source = new uint[_matrix.Columns * Row];
        _target = new uint[_matrix.Rows * Row];
    }

    [Benchmark]
    public void AddProduct() => LinearKernel.AddProduct(_matrix!, _source, _target, Row, Threads);

    private static SparseMatrix Random(int rows, int columns, double density)
    {
        var random = new Random(1);
        var dense = new int[rows, columns];
        foreach ((int r, int c) in from r in Enumerable.Range(0, rows) from c in Enumerable.Range(0, columns) select (r, c))
        {
            dense[r, c] = random.NextDouble() < density ? random.Next(1, 8) : 0;
        }

        return SparseMatrix.FromDense(dense);
    }

    /// <summary>3×3 kernels with zero padding, channel after channel.</summary>
    private static SparseMatrix Convolution(int inputs, int outputs, int size)
    {
        var rowStart = new List<int> { 0 };
        var column = new List<int>();
        for (int row = 0; row < outputs * size * size; row++)
        {
            int y = row / size % size, x = row % size;
            for (int tap = 0; tap < 9 * inputs; tap++)
            {
                int ty = y + (tap % 9 / 3) - 1, tx = x + (tap % 3) - 1;
                if (ty >= 0 && ty < size && tx >= 0 && tx < size)
                {
                    column.Add((((tap / 9 * size) + ty) * size) + tx);
                }
            }

            rowStart.Add(column.Count);
        }

        return new SparseMatrix(outputs * size * size, inputs * size * size, [.. rowStart], [.. column], [.. column.Select(c => 1 + (c % 7))]);
    }
}
