using System.Globalization;
using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;

namespace BlindGrain.Training.Tests.Recipes;

public class CommittedSampleTests
{
    [Fact]
    public void It_is_narrow_enough_and_right_on_ninety_four_percent_of_its_points()
    {
        string samples = Path.Combine(SharedData.RepositoryRoot, "samples");
        FheCircuit circuit = ModelCompiler.CompileFile(Path.Combine(samples, "checkerboard.onnx"));
        var executor = new ClearExecutor(circuit);

        (float[] Point, int Label)[] points = [.. File.ReadLines(Path.Combine(samples, "checkerboard.points.csv")).Skip(1).Select(Parse)];
        int right = points.Count(p =>
        {
            float[] logits = circuit.Output.Dequantize(executor.Run(circuit.Input.Quantize(p.Point)));
            return (logits[1] > logits[0] ? 1 : 0) == p.Label;
        });

        Assert.Equal(500, points.Length);
        Assert.InRange(right, 470, 500);
        Assert.InRange(circuit.MaxBits, 1, 6);
        Assert.InRange(circuit.Bootstraps, 1, 18);
    }

    private static (float[] Point, int Label) Parse(string line)
    {
        string[] fields = line.Split(',');
        return ([float.Parse(fields[0], CultureInfo.InvariantCulture), float.Parse(fields[1], CultureInfo.InvariantCulture)], int.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
