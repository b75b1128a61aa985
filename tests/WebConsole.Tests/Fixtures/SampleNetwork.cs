using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.WebConsole.Tests.Fixtures;

/// <summary>A network of three layers, the second with a residual, large enough to be seen at work for some seconds.</summary>
internal static class SampleNetwork
{
    private const int Width = 144;

    /// <summary>What an attacker might call a layer: names of steps are free text.</summary>
    public const string HostileName = "<img src=x onerror=alert(1)><b>bold</b>";

    public static CompiledModel Create(string firstLayer = "conv1") => CompiledModel.Create(Circuit(firstLayer), new ExecutionMode.Exact());

    /// <summary>A clear input.</summary>
    public static float[] Input { get; } = [.. Enumerable.Range(0, Width).Select(i => i % 4)];

    public static byte[] FileOf(CompiledModel model)
    {
        using var file = new MemoryStream();
        model.Write(file);
        return file.ToArray();
    }

    private static FheCircuit Circuit(string firstLayer)
    {
        var relu = new LookupTable(-64, [.. Enumerable.Range(-64, 128).Select(v => Math.Clamp(v / 2, 0, 3))]);
        int[] same = new int[Width];
        SparseMatrix identity = Band(Width, (0, 1));
        return new FheCircuit(
            "digits",
            new CircuitInput([1, 12, 12], new UniformQuantizer(1, 0, 2, signed: false, narrow: false), [1], [0]),
            [
                new LinearStep(firstLayer, [new LinearTerm(0, Band(Width, (0, 1), (1, 1), (8, -1)))], new long[Width]),
                new LookupStep("relu1", 1, [relu], same),
                new LinearStep("conv2", [new LinearTerm(2, Band(Width, (0, 1), (3, 1), (5, -1), (9, 1)))], new long[Width]),
                new LookupStep("relu2", 3, [relu], same),
                new LinearStep("add", [new LinearTerm(2, identity), new LinearTerm(4, identity)], new long[Width]),
                new LookupStep("relu3", 5, [relu], same),
                new LinearStep("classes", [new LinearTerm(6, Band(10, (0, 1), (10, -1), (20, 1), (30, 1)))], new long[10]),
            ],
            new CircuitOutput(7, [10], [1], [0]));
    }

    /// <summary>A banded matrix: weights at offsets from the diagonal, round about.</summary>
    private static SparseMatrix Band(int rows, params (int Offset, int Weight)[] band)
    {
        int[,] dense = new int[rows, Width];
        for (int r = 0; r < rows; r++)
        {
            foreach ((int offset, int weight) in band)
            {
                dense[r, (r + offset) % Width] = weight;
            }
        }

        return SparseMatrix.FromDense(dense);
    }
}
