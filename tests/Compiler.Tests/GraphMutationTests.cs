using System.Globalization;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests;

/// <summary>
/// Well-formed files with damaged graphs: other operators, inputs, shapes and numbers. Flipped bytes seldom get past the parser;
/// these do.
/// </summary>
public class GraphMutationTests
{
    private static readonly string[] s_operators =
    [
        "Add", "Sub", "Mul", "Div", "MatMul", "Gemm", "Relu", "Flatten", "Reshape", "Transpose", "Identity", "Shape", "Quant", "BatchNormalization",
        "Concat", "Gather", "Squeeze", "Unsqueeze", "Cast", "ConstantOfShape", "Softmax", "Pow", "BipolarQuant", "Trunc", "Conv", "ConvTranspose", "AveragePool", "MaxPool", "GlobalAveragePool",
        "ReduceSum", "ReduceMax", "Max", "Clip", "Where", "Pad", "Slice", "Split", "QuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearMatMul", "MatMulInteger", "ArgMax", "TopK", "Sigmoid", "Log", "PRelu", "Resize",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_graphs_give_a_circuit_that_runs_or_a_refusal(bool convolutional)
    {
        int trials = int.Parse(Environment.GetEnvironmentVariable("BLINDGRAIN_MUTATIONS") ?? (convolutional ? "400" : "1500"), CultureInfo.InvariantCulture);
        byte[] sample = convolutional ? Convolutional() : Sample();
        int compiled = 0, refused = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            var random = new Random(trial);
            var model = ModelProto.Parser.ParseFrom(sample);
            for (int damages = random.Next(1, 4); damages > 0; damages--)
            {
                Damage(model.Graph, random);
            }

            byte[] bytes = model.ToByteArray();
            try
            {
                CompileAndRun(bytes, random);
                compiled++;
            }
            catch (Exception e) when (e is InvalidModelException or UnsupportedModelException)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Damage {trial} gave {e}\n{model}");
            }
        }

        Assert.InRange(compiled, trials / 50, trials);
        Assert.InRange(refused, trials / 50, trials);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_reference_refuses_what_it_cannot_run(bool convolutional)
    {
        byte[] sample = convolutional ? Convolutional() : Sample();
        for (int trial = 0; trial < 300; trial++)
        {
            var random = new Random(trial);
            var model = ModelProto.Parser.ParseFrom(sample);
            Damage(model.Graph, random);
            try
            {
                using var reference = new ReferenceModel(model.ToByteArray());
                _ = reference.Run(new float[convolutional ? 72 : 6]);
            }
            catch (Exception e) when (e is InvalidModelException or UnsupportedModelException || e is ArgumentException { ParamName: "sample" })
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static void CompileAndRun(byte[] bytes, Random random)
    {
        FheCircuit circuit = ModelCompiler.Compile(bytes, "damaged");
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        CircuitFormat.Write(circuit, writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        FheCircuit read = CircuitFormat.Read(reader);
        var input = new int[circuit.Input.Length];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = random.Next(circuit.Input.Quantizer.QMin, circuit.Input.Quantizer.QMax + 1);
        }

        Assert.Equal(new ClearExecutor(circuit).Run(input), new ClearExecutor(read).Run(input));
    }

    private static void Damage(GraphProto graph, Random random)
    {
        NodeProto node = graph.Node[random.Next(graph.Node.Count)];
        TensorProto tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
        string[] names = [.. graph.Initializer.Select(t => t.Name), .. graph.Node.SelectMany(n => n.Output), "x", ""];
        switch (random.Next(13))
        {
            case 0:
                node.OpType = s_operators[random.Next(s_operators.Length)];
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = names[random.Next(names.Length)];
                break;
            case 2 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 3:
                node.Input.Add(names[random.Next(names.Length)]);
                break;
            case 4 when node.Attribute.Count > 0:
                AttributeProto attribute = node.Attribute[random.Next(node.Attribute.Count)];
                (attribute.I, attribute.F) = (random.Next(-3, 4), (float)Extreme(random));
                break;
            case 5 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = (long)Extreme(random);
                break;
            case 6:
                tensor.Dims.Add(random.Next(0, 3));
                break;
            case 7 when tensor.FloatData.Count > 0:
                tensor.FloatData[random.Next(tensor.FloatData.Count)] = (float)Extreme(random);
                break;
            case 8 when tensor.Int64Data.Count > 0:
                tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = (long)Extreme(random);
                break;
            case 9:
                Google.Protobuf.Collections.RepeatedField<TensorShapeProto.Types.Dimension> dim = graph.Input[0].Type.TensorType.Shape.Dim;
                dim[random.Next(dim.Count)].DimValue = (long)Extreme(random);
                break;
            case 10 or 11 when node.Attribute.FirstOrDefault(a => a.Ints.Count > 0) is { } list:
                list.Ints[random.Next(list.Ints.Count)] = random.Next(2) == 0 ? random.Next(-2, 5) : (long)Extreme(random);
                break;
            case 12:
                graph.Output[0].Name = names[random.Next(names.Length)];
                break;
            default:
                graph.Node.Remove(node);
                break;
        }

        if (graph.Node.Count == 0)
        {
            graph.Node.Add(node);
        }
    }

    private static double Extreme(Random random)
    {
        double[] values = [0, 1, 2, 3, 7, -1, -2, 0.5, 1e-30, 1e30, 65536, 1 << 20, int.MaxValue, int.MinValue, long.MaxValue, double.NaN, double.PositiveInfinity];
        return values[random.Next(values.Length)];
    }

    /// <summary>A small model with each supported operator in it.</summary>
    private static byte[] Sample()
    {
        var b = new OnnxBuilder(1, 2, 3);
        string scaled = b.Node("Sub", [b.Node("Mul", ["x", b.Constant([], 2)]), b.Constant([1, 1, 3], 1, 0, -1)]);
        string q = b.Quant(b.Node("Flatten", [scaled]), 0.5f, 3, zeroPoint: 1);
        string shape = b.Node("Concat", [b.Node("Gather", [b.Node("Shape", [q]), b.Integers(0)], OnnxBuilder.Int("axis", 0)), b.Integers(-1)], OnnxBuilder.Int("axis", 0));
        string w1 = b.Node("Transpose", [b.Quant(b.Constant([4, 6], [.. Enumerable.Range(0, 24).Select(i => (i * 5 % 7) - 3f)]), 1, 3)], OnnxBuilder.Ints("perm", 1, 0));
        string product = b.Node("MatMul", [b.Node("Reshape", [q, shape]), w1]);
        string normal = b.Node("BatchNormalization", [product, b.Constant([4], 1, 0.5f, -2, 1), b.Constant([4], new float[4]), b.Constant([4], 1, 2, 3, 4), b.Constant([4], 1, 2, 3, 4)]);
        string bias = b.Node("Mul", [b.Quant(b.Constant([4], 1, -0.5f, 0.25f, 0), 0.25f, 4), b.Constant([], 0.5f)]);
        string h = b.Quant(b.Node("Relu", [b.Node("Add", [b.Node("Div", [normal, b.Constant([], 3)]), bias])]), 0.5f, 3, signed: false);
        string w2 = b.Quant(b.Constant([2, 4], 1, -1, 0.5f, 0.5f, -0.5f, 1, 0, 1), 0.5f, 3);
        return b.Build(b.Node("Identity", [b.Node("Gemm", [h, w2, b.Constant([2], 0.5f, -1)], OnnxBuilder.Int("transB", 1), OnnxBuilder.Float("alpha", 0.5f))]));
    }

    /// <summary>A small model with windows of all kinds: each of their settings can be damaged.</summary>
    private static byte[] Convolutional()
    {
        var b = new OnnxBuilder(1, 2, 6, 6);
        string q = b.Quant(b.Node("Mul", ["x", b.Constant([], 2)]), 0.5f, 3);
        AttributeProto[] window = [OnnxBuilder.Ints("kernel_shape", 3, 3), OnnxBuilder.Ints("pads", 1, 1, 1, 1), OnnxBuilder.Ints("strides", 1, 1), OnnxBuilder.Ints("dilations", 1, 1), OnnxBuilder.Int("group", 2)];
        string sums = b.Node("Conv", [q, b.Weights(4, 1, 3, 3), b.Constant([4], 1, 0, -1, 0.5f)], window);
        string h = b.Quant(b.Node("Relu", [b.Node("BatchNormalization", [sums, b.Constant([4], 1, 0.5f, -2, 1), b.Constant([4], new float[4]), b.Constant([4], 1, 2, 3, 4), b.Constant([4], 1, 2, 3, 4)])]), 0.5f, 3, signed: false);
        string pooled = b.Node("MaxPool", [h], OnnxBuilder.Ints("kernel_shape", 2, 2), OnnxBuilder.Ints("strides", 2, 2), OnnxBuilder.Int("ceil_mode", 0), OnnxBuilder.Ints("pads", 0, 0, 0, 0));
        string larger = b.Node("Resize", [pooled, "", b.Constant([4], 1, 1, 2, 2)], OnnxBuilder.Text("mode", "nearest"), OnnxBuilder.Text("coordinate_transformation_mode", "asymmetric"), OnnxBuilder.Text("nearest_mode", "floor"));
        string turned = b.Node("Transpose", [b.Node("DepthToSpace", [larger], OnnxBuilder.Int("blocksize", 2))], OnnxBuilder.Ints("perm", 0, 1, 3, 2));
        string means = b.Node("AveragePool", [turned], OnnxBuilder.Ints("kernel_shape", 3, 3), OnnxBuilder.Ints("strides", 2, 2), OnnxBuilder.Ints("pads", 1, 1, 1, 1), OnnxBuilder.Int("count_include_pad", 1));
        string zero = b.Typed(ElementType.UInt8, [], 3), scale = b.Constant([], 0.25f);
        string quantized = b.Node("DequantizeLinear", [b.Node("QuantizeLinear", [means, scale, zero]), scale, zero]);
        string spread = b.Node("ConvTranspose", [quantized, b.Weights(1, 2, 2, 2)], OnnxBuilder.Ints("strides", 2, 2), OnnxBuilder.Ints("pads", 0, 0, 1, 1), OnnxBuilder.Ints("output_padding", 0, 0), OnnxBuilder.Ints("kernel_shape", 2, 2));
        string padded = b.Node("Pad", [b.Quant(spread, 0.5f, 3), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]);
        string flat = b.Node("Flatten", [b.Quant(b.Node("GlobalAveragePool", [padded]), 0.25f, 4)], OnnxBuilder.Int("axis", 1));
        return b.Build(b.Node("Gemm", [flat, b.Weights(3, 2), b.Constant([3], 0.5f, -1, 0)], OnnxBuilder.Int("transB", 1)));
    }
}
