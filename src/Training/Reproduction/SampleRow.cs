using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;

namespace BlindGrain.Training.Reproduction;

/// <summary>The committed network of the checkerboard, which lies beside the program.</summary>
internal static class SampleRow
{
    /// <summary>Compiles it and evaluates it on the test points of its data seed.</summary>
    public static TrainedModel Run()
    {
        byte[] onnx = ModelCompiler.ReadFile(Path.Combine(AppContext.BaseDirectory, "samples", "checkerboard.onnx"));
        var defaults = new CheckerboardOptions { Output = string.Empty, Points = string.Empty };
        (Dataset train, Dataset test) = Checkerboard.Generate(defaults.DataSeed);
        FheCircuit circuit = ModelCompiler.Compile(onnx, "checkerboard");
        using var reference = new ReferenceModel(onnx);
        long[] Classify(Dataset data) => [.. data.Samples().Select(reference.Run).Select(l => (long)Array.IndexOf(l, l.Max()))];
        FheCircuit observed = ReportRows.WithCalibratedRanges(circuit, train.Take(500).Samples(), 0);
        var result = new SeedResult(
            defaults.Seed,
            ClearClasses.Accuracy(Classify(test), test),
            ClearClasses.Accuracy(ClearClasses.Of(circuit, test), test),
            observed.MaxBits,
            circuit.MaxBits,
            circuit.Bootstraps)
        {
            Ceiling = CheckerboardCeiling.Accuracy(test),
        };
        return new TrainedModel(result, circuit, circuit, test) { TrainedGrid = Classify(DecisionRegions.Grid()) };
    }
}
