using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Ranges from data instead of the worst case.</summary>
public class RangeCalibratorTests
{
    [Fact]
    public void Calibrated_ranges_are_narrower_and_hold_all_that_was_seen()
    {
        (FheCircuit circuit, int[][] inputs, _) = Network();
        CalibratedCircuit calibrated = RangeCalibrator.Calibrate(circuit, inputs, 0.1);

        Assert.True(calibrated.Circuit.MaxBits < circuit.MaxBits);
        var executor = new ClearExecutor(circuit);
        foreach (long[][] values in inputs.Select(i => executor.RunAll(i)))
        {
            for (int v = 0; v < values.Length; v++)
            {
                Assert.All(values[v].Zip(calibrated.Circuit.Ranges[v]), pair => Assert.True(pair.Second.Contains(pair.First)));
            }
        }
    }

    [Fact]
    public void A_calibrated_circuit_gives_the_same_integers_on_what_it_saw()
    {
        (FheCircuit circuit, int[][] inputs, _) = Network();
        var plain = new ClearExecutor(circuit);
        var calibrated = new ClearExecutor(RangeCalibrator.Calibrate(circuit, inputs, 0).Circuit);

        Assert.All(inputs, i => Assert.Equal(plain.Run(i), calibrated.Run(i)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void The_overflow_probability_is_about_what_fresh_data_show(double margin)
    {
        (FheCircuit circuit, int[][] inputs, int[][] fresh) = Network();
        CalibratedCircuit calibrated = RangeCalibrator.Calibrate(circuit, inputs, margin);
        var executor = new ClearExecutor(circuit);
        FheCircuit narrow = calibrated.Circuit;
        int[] read = [.. narrow.Steps.Index().Where(s => s.Item is LinearStep).Select(s => s.Index + 1)];
        long outside = fresh.Select(f => executor.RunAll(f)).Sum(values => read.Sum(v => values[v].Zip(narrow.Ranges[v]).LongCount(p => !p.Second.Contains(p.First))));
        double seen = (double)outside / (fresh.Length * read.Sum(v => (long)narrow.LengthOf(v)));

        // From half the data, so an upper estimate; the allowance is for the scatter of 200 samples.
        Assert.InRange(seen, 0, (calibrated.OverflowProbability * 1.5) + 1e-4);
        Assert.InRange(calibrated.OverflowProbability, 3.0 / calibrated.Read, 0.05);
    }

    [Fact]
    public void Too_little_data_or_no_margin_is_refused()
    {
        (FheCircuit circuit, int[][] inputs, _) = Network();
        Assert.Throws<ArgumentException>(() => RangeCalibrator.Calibrate(circuit, inputs[..1], 0.1));
        Assert.Throws<ArgumentException>(() => RangeCalibrator.Calibrate(circuit, inputs, -0.1));
        Assert.Throws<ArgumentException>(() => RangeCalibrator.Calibrate(circuit, inputs, double.NaN));
    }

    private static (FheCircuit Circuit, int[][] Inputs, int[][] Fresh) Network()
    {
        var networks = new FloatNetworks(5);
        byte[] onnx = networks.Perceptron([16, 20, 20, 4], "Relu");
        float[][] samples = networks.Samples(200, 16), fresh = networks.Samples(1000, 16);
        FheCircuit circuit = ModelCompiler.Compile(PostTrainingQuantizer.Quantize(onnx, samples, PostTrainingOptions.Uniform(4)).Onnx, "net");
        return (circuit, [.. samples.Select(s => circuit.Input.Quantize(s))], [.. fresh.Select(s => circuit.Input.Quantize(s))]);
    }
}
