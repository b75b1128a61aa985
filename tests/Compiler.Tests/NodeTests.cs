using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Tests;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests;

/// <summary>
/// ONNX's own conformance tests of single nodes: the first input is encrypted, the others are constants of the model. None is refused.
/// </summary>
public class NodeTests
{
    /// <summary>Float results may differ by this part of their largest magnitude, at 8 bits.</summary>
    private const float QuantizationError = 0.02f;

    [Theory]
    [InlineData("test_convinteger_with_padding")]
    [InlineData("test_convinteger_without_padding")]
    [InlineData("test_dequantizelinear")]
    [InlineData("test_dequantizelinear_axis")]
    [InlineData("test_matmulinteger")]
    [InlineData("test_qlinearconv")]
    [InlineData("test_qlinearmatmul_2D_uint8_float32")]
    [InlineData("test_quantizelinear")]
    [InlineData("test_quantizelinear_axis")]
    public void Integer_operators_yield_the_expected_integers(string test)
    {
        NodeCase c = NodeCase.Load(test);
        Assert.Equal(c.Expected, c.Run(ModelCompiler.Compile(c.Model.ToByteArray(), test)));
    }

    /// <summary>
    /// One of the six published integers wrapped: the product is −235.7, which the operator's definition saturates to −128, as ONNX Runtime does; the file says
    /// −236 + 256 = 20.
    /// </summary>
    [Theory]
    [InlineData("test_qlinearmatmul_2D_int8_float32")]
    public void The_int8_product_saturates_where_the_published_one_wrapped(string test)
    {
        NodeCase c = NodeCase.Load(test);
        float[] actual = c.Run(ModelCompiler.Compile(c.Model.ToByteArray(), test));
        Assert.Equal(c.Expected[..^1], actual[..^1]);
        Assert.Equal((20, -128), (c.Expected[^1], actual[^1]));
        Assert.Equal(actual, c.OnnxRuntime());
    }

    [Theory]
    [InlineData("test_add")]
    [InlineData("test_averagepool_2d_default")]
    [InlineData("test_averagepool_2d_pads_count_include_pad")]
    [InlineData("test_basic_conv_with_padding")]
    [InlineData("test_batchnorm_example")]
    [InlineData("test_conv_with_strides_padding")]
    [InlineData("test_flatten_axis1")]
    [InlineData("test_gemm_all_attributes")]
    [InlineData("test_gemm_transposeB")]
    [InlineData("test_globalaveragepool")]
    [InlineData("test_maxpool_2d_default")]
    [InlineData("test_relu")]
    public void Float_operators_agree_to_quantization_error(string test)
    {
        NodeCase c = NodeCase.Load(test);
        QuantizedModel quantized = PostTrainingQuantizer.Quantize(c.Model.ToByteArray(), c.Samples(c.SampleLength), PostTrainingOptions.Uniform(8));
        float[] actual = c.Run(ModelCompiler.Compile(quantized.Onnx, test));
        float tolerance = QuantizationError * c.Expected.Max(MathF.Abs);
        Assert.Equal(c.Expected.Length, actual.Length);
        Assert.All(c.Expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void Every_case_is_tried()
    {
        string folder = Path.Combine(Path.GetDirectoryName(SharedData.FileOrSkip("models/onnx-node-tests/test_add/model.onnx"))!, "..");
        string[] tried = [.. typeof(NodeTests).GetMethods().SelectMany(m => m.GetCustomAttributes(typeof(InlineDataAttribute), false)).Select(a => (string)((InlineDataAttribute)a).Data[0]!)];
        Assert.Equal(Directory.GetDirectories(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal), tried.Order(StringComparer.Ordinal));
    }

    /// <summary>A model whose first input alone is left open, its input and the expected output.</summary>
    private sealed record NodeCase(ModelProto Model, float[] Input, float[] Expected)
    {
        /// <summary>The elements that the compiler takes as one sample: all but the first axis, unless the node mixes that.</summary>
        public int SampleLength => Model.Graph.Node[0].OpType is "Gemm" && Model.Graph.Node[0].Attribute.Any(a => a.Name == "transA")
            ? Input.Length
            : Input.Length / (int)Model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue;

        public static NodeCase Load(string test)
        {
            string folder = $"models/onnx-node-tests/{test}";
            var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(SharedData.FileOrSkip($"{folder}/model.onnx")));
            TensorProto[] inputs = [.. Enumerable.Range(0, model.Graph.Input.Count).Select(i => Read($"{folder}/test_data_set_0/input_{i}.pb"))];
            Tensor x = OnnxFile.ToTensor(inputs[0]);
            float[] input = test == "test_add" ? Join(model, x, OnnxFile.ToTensor(inputs[1])) : x.Data;
            for (int i = 1; i < inputs.Length && model.Graph.Input.Count > 1; i++)
            {
                inputs[i].Name = model.Graph.Input[1].Name;
                model.Graph.Input.RemoveAt(1);
                model.Graph.Initializer.Add(inputs[i]);
            }

            return new NodeCase(model, input, OnnxFile.ToTensor(Read($"{folder}/test_data_set_0/output_0.pb")).Data);
        }

        public float[][] Samples(int length) => [.. Input.Chunk(length)];

        /// <summary>All results, sample by sample.</summary>
        public float[] Run(FheCircuit circuit)
        {
            var executor = new ClearExecutor(circuit);
            return [.. Samples(circuit.Input.Length).SelectMany(s => circuit.Output.Finish(executor.Run(circuit.Input.Quantize(s))))];
        }

        /// <summary>What ONNX Runtime yields for a model whose input is constant too.</summary>
        public float[] OnnxRuntime()
        {
            using var runner = new NodeRunner(Model);
            Tensor[] inputs = [new([.. Model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(d => (int)d.DimValue)], Input, (ElementType)Model.Graph.Input[0].Type.TensorType.ElemType), .. Model.Graph.Initializer.Select(OnnxFile.ToTensor)];
            return runner.Run(new GraphNode(Model.Graph.Node[0]), inputs)[0]!.Data;
        }

        /// <summary>Makes one input of two, side by side along axis 1, that the model splits: both operands are encrypted.</summary>
        private static float[] Join(ModelProto model, Tensor x, Tensor y)
        {
            GraphProto graph = model.Graph;
            graph.Input.RemoveAt(1);
            graph.Input[0].Name = "both";
            graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue *= 2;
            graph.Node.Insert(0, new NodeProto { OpType = "Split", Input = { "both" }, Output = { "x", "y" }, Attribute = { OnnxBuilder.Int("axis", 1), OnnxBuilder.Int("num_outputs", 2) } });
            model.OpsetImport[0].Version = 18;
            int block = x.Length / x.Shape[0];
            return [.. x.Data.Chunk(block).Zip(y.Data.Chunk(block)).SelectMany(p => p.First.Concat(p.Second))];
        }

        private static TensorProto Read(string path) => TensorProto.Parser.ParseFrom(File.ReadAllBytes(SharedData.FileOrSkip(path)));
    }
}
