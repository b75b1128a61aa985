using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Quantization;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BlindGrain.Training.Export;

/// <summary>
/// Writes a network as QONNX (Pappalardo et al., "QONNX: Representing Arbitrary-Precision Quantized Neural Networks", 2022): a standard ONNX graph whose Quant
/// nodes take x, scale, zero-point and bit-width. Weights stay float, each tensor behind a Quant node of its own; the batch dimension is free. A network without
/// quantizers becomes a plain float ONNX graph.
/// </summary>
internal sealed class QonnxExporter
{
    private readonly GraphWriter _graph;

    private QonnxExporter(string name)
    {
        _graph = new GraphWriter(name);
    }

    /// <summary>The network as an ONNX model.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="inputName">The name of the input tensor.</param>
    /// <param name="outputName">The name of the output tensor, the logits.</param>
    /// <exception cref="NotSupportedException">The network holds a layer that has no ONNX form here.</exception>
    public static ModelProto Export(QuantSequential network, string name, string inputName, string outputName)
    {
        var exporter = new QonnxExporter(name);
        (string Name, nn.Module<Tensor, Tensor> Layer)[] layers = [.. network.Layers.Where(l => l.Layer is not LookUpNoise and not Dropout)];
        string value = inputName;
        for (int i = 0; i < layers.Length; i++)
        {
            value = exporter.Layer(layers[i].Name, layers[i].Layer, value, i == layers.Length - 1 ? outputName : null);
        }

        return exporter._graph.Model(inputName, network.InputShape, outputName, network.WeightLayers[^1].OutFeatures);
    }

    private string Layer(string name, nn.Module<Tensor, Tensor> layer, string source, string? output) => layer switch
    {
        QuantIdentity { QuantizationEnabled: true } identity => Quant(name == "input" ? "input_quant" : name, source, identity.ActivationQuantizer, output),
        QuantReLU relu => QuantRelu(name, source, relu, output),
        QuantLinear linear => Linear(name, source, linear, output),
        QuantConv2d convolution => Convolution(name, source, convolution, output),
        Normalize scaling => _graph.Add(
            $"{name}_mul",
            "Mul",
            [_graph.Add($"{name}_sub", "Sub", [source, _graph.Initializer($"{name}.mean", [.. scaling.Mean], scaling.Mean.Count)], null), _graph.Initializer($"{name}.factor", [.. scaling.Factor], scaling.Factor.Count)],
            output),
        ReLU => _graph.Add(name, "Relu", [source], output),
        Flatten => _graph.Add(name, "Flatten", [source], output, GraphWriter.Int("axis", 1)),
        BatchNorm1d norm => BatchNorm(name, source, norm.weight!, norm.bias!, norm.running_mean!, norm.running_var!, norm.eps, output),
        BatchNorm2d norm => BatchNorm(name, source, norm.weight!, norm.bias!, norm.running_mean!, norm.running_var!, norm.eps, output),
        _ => throw new NotSupportedException($"Layer '{name}' ({layer.GetName()}) has no ONNX form here; QuantIdentity, QuantReLU, QuantLinear, QuantConv2d, ReLU, Flatten, BatchNorm1d and BatchNorm2d have."),
    };

    private string Linear(string name, string source, QuantLinear layer, string? output) =>
        _graph.Add(name, "Gemm", [source, Weight(name, layer), _graph.Initializer($"{name}.bias", layer.Biases(), layer.OutFeatures)], output, GraphWriter.Int("transB", 1));

    private string Convolution(string name, string source, QuantConv2d layer, string? output)
    {
        Conv2dShape shape = layer.Shape;
        return _graph.Add(
            name,
            "Conv",
            [source, Weight(name, layer), _graph.Initializer($"{name}.bias", layer.Biases(), layer.OutFeatures)],
            output,
            GraphWriter.Ints("kernel_shape", shape.Kernel, shape.Kernel),
            GraphWriter.Ints("strides", shape.Stride, shape.Stride),
            GraphWriter.Ints("pads", shape.Padding, shape.Padding, shape.Padding, shape.Padding),
            GraphWriter.Int("group", shape.Groups));
    }

    private string Weight(string name, WeightLayer layer)
    {
        string weight = _graph.Initializer($"{name}.weight", layer.Weights(), [.. layer.WeightShape]);
        return layer.HasQuantizer && layer.QuantizationEnabled ? Quant($"{name}_weight_quant", weight, layer.WeightQuantizer, null) : weight;
    }

    private string QuantRelu(string name, string source, QuantReLU relu, string? output)
    {
        string value = _graph.Add(name, "Relu", [source], null);
        return Quant($"{name}_quant", value, relu.ActivationQuantizer, output);
    }

    private string BatchNorm(string name, string source, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon, string? output) => _graph.Add(
        name,
        "BatchNormalization",
        [source, Channels($"{name}.weight", weight), Channels($"{name}.bias", bias), Channels($"{name}.mean", mean), Channels($"{name}.var", variance)],
        output,
        GraphWriter.Float("epsilon", (float)epsilon));

    private string Channels(string name, Tensor values)
    {
        float[] numbers = values.detach().data<float>().ToArray();
        return _graph.Initializer(name, numbers, numbers.Length);
    }

    private string Quant(string name, string source, UniformQuantizer quantizer, string? output) => _graph.Add(
        name,
        "Quant",
        [
            source,
            _graph.Initializer($"{name}.scale", [quantizer.Scale]),
            _graph.Initializer($"{name}.zeropt", [quantizer.ZeroPoint]),
            _graph.Initializer($"{name}.bitwidth", [quantizer.Bits]),
        ],
        output,
        GraphWriter.Int("signed", quantizer.Signed ? 1 : 0),
        GraphWriter.Int("narrow", quantizer.Narrow ? 1 : 0),
        GraphWriter.Text("rounding_mode", "ROUND"));
}
