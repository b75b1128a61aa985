using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Compiler.Tests.Quantization;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Tests;

/// <summary>From a file to a circuit, with calibration, ranges and limits.</summary>
public class CompilationPipelineTests
{
    private readonly FloatNetworks _networks = new(11);

    [Fact]
    public void A_float_model_becomes_a_circuit_with_the_points_that_were_put_in()
    {
        Compilation compilation = CompilationPipeline.Run(Request() with { Quantization = PostTrainingOptions.Uniform(3) });

        Assert.Equal("net", compilation.Circuit.Name);
        Assert.Equal(8, compilation.Circuit.Bootstraps);
        Assert.Equal(["x", "c0", "relu3", "c4"], compilation.Points.Select(p => p.Tensor));
        Assert.Equal([false, true, false, true], compilation.Points.Select(p => p.IsWeight));
        Assert.Null(compilation.Calibrated);
        Assert.True(PostTrainingQuantizer.IsQuantized(compilation.QuantizedOnnx));
    }

    [Fact]
    public void Calibrated_ranges_are_narrower_and_say_what_they_risk()
    {
        Compilation worst = CompilationPipeline.Run(Request()), calibrated = CompilationPipeline.Run(Request() with { Margin = 0.05 });

        Assert.True(calibrated.Circuit.MaxBits < worst.Circuit.MaxBits);
        Assert.InRange(calibrated.Calibrated!.OverflowProbability, 1e-6, 0.1);
        Assert.Equal(calibrated.Calibrated.OverflowProbability > 1e-3, calibrated.Warnings.Any(w => w.Contains("outside its calibrated range", StringComparison.Ordinal)));
    }

    [Fact]
    public void Too_wide_layers_are_refused_by_name_unless_calibration_narrows_them()
    {
        int worst = CompilationPipeline.Run(Request()).Circuit.MaxBits, narrow = LookUpBits(CompilationPipeline.Run(Request() with { Margin = 0.05 }).Circuit);
        var options = new CompileOptions { MaxBits = narrow };

        string message = Assert.Throws<UnsupportedModelException>(() => CompilationPipeline.Run(Request() with { Options = options })).Message;
        Assert.Contains($"more than the allowed {narrow} bits: 'relu3", message, StringComparison.Ordinal);
        Assert.True(narrow < worst);
        _ = CompilationPipeline.Run(Request() with { Options = options, Margin = 0.05 });
        _ = Assert.Throws<UnsupportedModelException>(() => CompilationPipeline.Run(Request() with { Options = new CompileOptions { MaxBits = narrow - 1 }, Margin = 0.05 }));
    }

    [Fact]
    public void Rounding_bits_leave_few_plateaus_in_each_table()
    {
        FheCircuit circuit = CompilationPipeline.Run(Request() with { Options = new CompileOptions { RoundingBits = 3 } }).Circuit;
        Assert.All(circuit.Steps.OfType<LookupStep>().SelectMany(s => s.Tables), t => Assert.InRange(t.Outputs.Distinct().Count(), 1, 9));
    }

    [Fact]
    public void A_float_model_without_data_is_told_to_bring_some() =>
        Assert.Contains("float model", Assert.Throws<ArgumentException>(() => CompilationPipeline.Run(Request() with { Calibration = null })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_quantized_model_takes_data_for_its_ranges_only()
    {
        CompilationRequest quantized = Request() with { Onnx = CompilationPipeline.Run(Request()).QuantizedOnnx };

        Assert.Contains("quantized already", Assert.Throws<ArgumentException>(() => CompilationPipeline.Run(quantized)).Message, StringComparison.Ordinal);
        Assert.Contains("own bits", Assert.Throws<ArgumentException>(() => CompilationPipeline.Run(quantized with { Quantization = new PostTrainingOptions() })).Message, StringComparison.Ordinal);
        Assert.NotNull(CompilationPipeline.Run(quantized with { Margin = 0.1 }).Calibrated);
        Assert.Contains("two samples", Assert.Throws<ArgumentException>(() => CompilationPipeline.Run(quantized with { Calibration = null, Margin = 0.1 })).Message, StringComparison.Ordinal);
        Assert.Empty(CompilationPipeline.Run(quantized with { Calibration = null }).Points);
    }

    [Fact]
    public void A_model_whose_input_was_left_open_is_completed_by_data()
    {
        byte[] open = OpenInput(CompilationPipeline.Run(Request()).QuantizedOnnx);

        Assert.Contains("calibration data", Assert.Throws<UnsupportedModelException>(() => CompilationPipeline.Run(Request() with { Onnx = open, Calibration = null })).Message, StringComparison.Ordinal);
        Compilation completed = CompilationPipeline.Run(Request() with { Onnx = open });
        QuantizationPoint point = Assert.Single(completed.Points);
        Assert.False(point.IsWeight);
        Assert.True(completed.Circuit.Bootstraps > 0);
    }

    /// <summary>The model without the quantizer of its input.</summary>
    private static byte[] OpenInput(byte[] onnx)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        NodeProto quantizer = model.Graph.Node.First(n => n.OpType == "Quant" && n.Input[0] == model.Graph.Input[0].Name);
        foreach (NodeProto reader in model.Graph.Node.Where(n => n != quantizer))
        {
            for (int i = 0; i < reader.Input.Count; i++)
            {
                reader.Input[i] = reader.Input[i] == quantizer.Output[0] ? quantizer.Input[0] : reader.Input[i];
            }
        }

        _ = model.Graph.Node.Remove(quantizer);
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private static int LookUpBits(FheCircuit circuit) => circuit.Steps.OfType<LookupStep>().Max(s => circuit.Ranges[s.Source].Max(r => r.Bits));

    private CompilationRequest Request() => new(new FloatNetworks(11).Perceptron([10, 8, 3], "Relu"), "net") { Calibration = _networks.Samples(60, 10) };
}
