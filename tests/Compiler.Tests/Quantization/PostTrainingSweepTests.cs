using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>The trade-off over bit-widths, of a network whose float classes are the labels.</summary>
public class PostTrainingSweepTests
{
    [Fact]
    public void More_bits_give_more_of_the_float_classes_for_wider_accumulators()
    {
        var networks = new FloatNetworks(1);
        byte[] onnx = networks.Perceptron([12, 24, 24, 5], "Relu");
        float[][] calibration = networks.Samples(300, 12), validation = networks.Samples(400, 12);
        using var reference = new ReferenceModel(onnx);
        int[] labels = [.. validation.Select(v => reference.Run(v)).Select(y => Array.IndexOf(y, y.Max()))];
        SweepPoint[] points = [.. PostTrainingSweep.Run(new SweepRequest(onnx, calibration, validation, labels), [2, 4, 6, 8])];

        Assert.Equal([2, 4, 6, 8], points.Select(p => p.Bits));
        Assert.All(points, p => Assert.Equal(48, p.Bootstraps));
        Assert.Equal(points.Select(p => p.MaxBits).Distinct().Order(), points.Select(p => p.MaxBits));
        Assert.InRange(points[3].Accuracy, 0.98, 1);
        Assert.InRange(points[1].Accuracy, 0.85, points[3].Accuracy);
        Assert.InRange(points[0].Accuracy, 0.35, points[1].Accuracy - 0.05);
        Assert.NotNull(points[0].ExactCost);
        Assert.True(points[0].ApproximateCost < points[0].ExactCost);
    }

    [Fact]
    public void A_width_without_a_circuit_says_why_and_the_others_go_on()
    {
        var b = new OnnxBuilder(1, 4);
        string y = b.Node("LpNormalization", [b.Node("Gemm", ["x", b.Constant([4, 4], new FloatNetworks(2).Weights(16, 4)), b.Constant([4], 0, 0, 0, 0)])]);
        var request = new SweepRequest(b.Build(y), new FloatNetworks(3).Samples(10, 4), new FloatNetworks(4).Samples(3, 4), [0, 1, 2]);
        SweepPoint[] points = [.. PostTrainingSweep.Run(request with { Options = new PostTrainingOptions { CorrectBias = false } }, [2])];

        Assert.Contains("LpNormalization", Assert.Single(points).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_do_not_match_the_samples_are_refused()
    {
        byte[] onnx = new FloatNetworks(1).Perceptron([2, 2, 2], "Relu");
        ArgumentException e = Assert.Throws<ArgumentException>(() => PostTrainingSweep.Run(new SweepRequest(onnx, [[1f, 1f]], [[1f, 1f]], [0, 1]), [4]));
        Assert.Contains("1 validation samples and 2 labels", e.Message, StringComparison.Ordinal);
    }
}
