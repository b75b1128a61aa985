using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Compiler.Tests;

/// <summary>Small files that ask for much: each is refused with a message, in bounded memory, by the compiler and by the reference.</summary>
public class HostileModelTests
{
    [Fact]
    public void A_cycle_is_refused()
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 1, 3);
        Refused(b.Build(b.Node("Add", [q, "add4"])), "before it is defined");
        var model = ModelProto.Parser.ParseFrom(b.Build("loop"));
        model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "loop" }, Output = { "loop" } });
        Refused(model.ToByteArray(), "before it is defined");
    }

    [Fact]
    public void Nodes_may_be_listed_in_any_order()
    {
        var b = new OnnxBuilder(1, 2);
        string sum = b.Node("Add", [b.Node("Mul", [b.Quant("x", 1, 3), b.Constant([], 2)]), b.Node("Relu", [b.Quant("x", 1, 3)])]);
        var model = ModelProto.Parser.ParseFrom(b.Build(sum));
        NodeProto[] reversed = [.. model.Graph.Node.Reverse()];
        model.Graph.Node.Clear();
        model.Graph.Node.Add(reversed);
        _ = Agreement.Check(model.ToByteArray(), 2);
    }

    [Fact]
    public void A_name_defined_twice_is_refused()
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 1, 3);
        var model = ModelProto.Parser.ParseFrom(b.Build(q));
        model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { q }, Output = { q } });
        Refused(model.ToByteArray(), "twice");
    }

    [Theory]
    [InlineData("ConstantOfShape")]
    [InlineData("Expand")]
    [InlineData("Tile")]
    [InlineData("Pad")]
    [InlineData("Range")]
    public void A_constant_that_is_inflated_is_refused(string op)
    {
        foreach (long size in new[] { 1L << 31, 1L << 45, long.MaxValue / 4 })
        {
            var b = new OnnxBuilder(1, 2);
            string huge = op switch
            {
                "ConstantOfShape" => b.Node(op, [b.Integers(size)]),
                "Pad" => b.Node(op, [b.Constant([1], 1), b.Integers(0, size)]),
                "Range" => b.Node(op, [b.Typed(ElementType.Int64, [], 0), b.Node("Squeeze", [b.Integers(size)]), b.Typed(ElementType.Int64, [], 1)]),
                _ => b.Node(op, [b.Constant([1], 1), b.Integers(size)]),
            };
            Refused(b.Build(b.Node("Add", [b.Quant("x", 1, 3), huge])));
        }
    }

    [Theory]
    [InlineData("Expand")]
    [InlineData("Tile")]
    [InlineData("Pad")]
    [InlineData("Resize")]
    public void An_encrypted_tensor_that_is_inflated_is_refused(string op)
    {
        foreach (long size in new[] { 1L << 24, 1L << 33, 1L << 50 })
        {
            var b = new OnnxBuilder(1, 1);
            string q = b.Quant("x", 1, 3);
            string huge = op switch
            {
                "Pad" => b.Node(op, [q, b.Integers(0, 0, 0, size)]),
                "Resize" => b.Node(op, [q, "", b.Constant([2], 1, size)]),
                _ => b.Node(op, [q, b.Integers(1, size)]),
            };
            Refused(b.Build(huge));
        }
    }

    [Fact]
    public void Constants_that_double_again_and_again_are_refused()
    {
        var b = new OnnxBuilder(1, 2);
        string huge = b.Constant([1], 1);
        for (int i = 0; i < 40; i++)
        {
            huge = b.Node("Concat", [huge, huge], OnnxBuilder.Int("axis", 0));
        }

        Refused(b.Build(b.Node("Add", [b.Quant("x", 1, 3), huge])));
    }

    [Fact]
    public void Many_large_tensors_at_a_time_are_refused()
    {
        var b = new OnnxBuilder(1, 1 << 21);
        string q = b.Quant("x", 1, 3);
        string[] all = [.. Enumerable.Range(1, 60).Select(i => b.Node("Mul", [q, b.Constant([], i)]))];
        Refused(b.Build(b.Node("Sum", all)), "at a time");
    }

    [Fact]
    public void Windows_and_products_of_zeros_that_take_forever_are_refused()
    {
        var b = new OnnxBuilder(1, 1, 2048, 2048);
        string kernel = b.Node("ConstantOfShape", [b.Integers(1, 1, 2001, 2001)]);
        Refused(b.Build(b.Node("Conv", [b.Quant("x", 1, 3), kernel], OnnxBuilder.Ints("pads", 1000, 1000, 1000, 1000))), "steps");

        b = new OnnxBuilder(1, 1, 2048, 2048);
        Refused(b.Build(b.Node("AveragePool", [b.Quant("x", 1, 3)], OnnxBuilder.Ints("kernel_shape", 65536, 65536), OnnxBuilder.Ints("pads", 65000, 65000, 65000, 65000))));

        b = new OnnxBuilder(1, 2048, 2048);
        string zeros = b.Node("ConstantOfShape", [b.Integers(2048, 2048)]);
        Refused(b.Build(b.Node("MatMul", [b.Quant("x", 1, 3), zeros])), "steps");
    }

    [Theory]
    [InlineData("kernel_shape")]
    [InlineData("strides")]
    [InlineData("pads")]
    [InlineData("dilations")]
    public void Windows_with_absurd_settings_are_refused(string setting)
    {
        foreach (long value in new[] { 0, -1, int.MaxValue, long.MaxValue, long.MinValue })
        {
            var b = new OnnxBuilder(1, 1, 4, 4);
            AttributeProto[] settings = setting == "kernel_shape"
                ? [OnnxBuilder.Ints(setting, value, value)]
                : [OnnxBuilder.Ints("kernel_shape", 2, 2), setting == "pads" ? OnnxBuilder.Ints(setting, value, value, value, value) : OnnxBuilder.Ints(setting, value, value)];
            string pooled = b.Node("MaxPool", [b.Quant("x", 1, 3)], settings);
            if (setting != "pads" || value != 0)
            {
                Refused(b.Build(pooled));
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_scales_and_biases_that_are_no_numbers_are_refused(float value)
    {
        var b = new OnnxBuilder(1, 2);
        string q = b.Quant("x", 1, 3);
        Refused(b.Build(b.Node("MatMul", [q, b.Constant([2, 1], value, 1)])), reference: false);
        Refused(b.Build(b.Node("MatMul", [q, b.Weights(2, 1)]), b.Quant(q, value, 3)), reference: false);
        Refused(b.Build(b.Quant(q, value, 3)), reference: false);
        Refused(b.Build(b.Node("Add", [b.Node("MatMul", [q, b.Weights(2, 1)]), b.Constant([1], value)])), reference: false);
        Refused(b.Build(b.Node("MatMul", [q, b.Quant(b.Constant([2, 1], float.NaN, 1), 1, 3)])), reference: false);
    }

    [Fact]
    public void A_deep_graph_is_compiled_or_refused_without_deep_recursion()
    {
        var b = new OnnxBuilder(1, 2);
        string deep = b.Quant("x", 1, 3);
        for (int i = 0; i < 20_000; i++)
        {
            deep = b.Node("Identity", [deep]);
        }

        Assert.Equal(0, ModelCompiler.Compile(b.Build(deep), "t").Bootstraps);
        string constant = b.Constant([2], 1, 1);
        for (int i = 0; i < 300; i++)
        {
            deep = b.Node("Tanh", [deep]);
        }

        Refused(b.Build(b.Node("Add", [deep, constant])), "without a quantizer", reference: false);
    }

    [Theory]
    [InlineData("Loop")]
    [InlineData("If")]
    [InlineData("Scan")]
    public void Control_flow_is_refused_before_ONNX_Runtime_sees_it(string op)
    {
        var b = new OnnxBuilder(1, 2);
        var body = new AttributeProto { Name = "body", Type = 5, G = ByteString.CopyFromUtf8("\n") };
        Refused(b.Build(b.Node(op, [b.Quant("x", 1, 3), b.Integers(1L << 60)], body)), "control flow");
    }

    [Fact]
    public void A_function_of_the_model_is_refused_where_it_is_called()
    {
        var b = new OnnxBuilder(1, 2);
        var model = ModelProto.Parser.ParseFrom(b.Build(b.NodeIn("own", "Laugh", [b.Quant("x", 1, 3)])));
        model.Functions.Add(new FunctionProto { Domain = "own", Name = "Laugh" });
        Refused(model.ToByteArray(), "inline");
    }

    [Fact]
    public void Sparse_tensors_are_refused()
    {
        var b = new OnnxBuilder(1, 2);
        var model = ModelProto.Parser.ParseFrom(b.Build(b.Quant("x", 1, 3)));
        model.Graph.SparseInitializer.Add(ByteString.CopyFrom(0x0a, 0x00));
        Refused(model.ToByteArray(), "sparse");
        model.Graph.SparseInitializer.Clear();
        model.Graph.Node.Add(new NodeProto { OpType = "Constant", Output = { "s" }, Attribute = { new AttributeProto { Name = "sparse_value", Type = 11, SparseTensor = ByteString.CopyFrom(0x0a, 0x00) } } });
        Refused(model.ToByteArray(), "sparse");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void An_operator_set_that_does_not_exist_is_refused_where_it_matters(long version)
    {
        OnnxBuilder b = new OnnxBuilder(1, 4).WithOpset(version);
        Refused(b.Build(b.Node("Reshape", [b.Quant("x", 1, 3), b.Integers(2, 2)])));
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(long.MinValue, 2)]
    [InlineData(1, 1L << 40)]
    [InlineData(1L << 32, 1L << 32)]
    public void Tensors_whose_sizes_do_not_fit_their_data_are_refused(long rows, long columns)
    {
        var b = new OnnxBuilder(1, 4);
        string q = b.Quant("x", 1, 3);
        var model = ModelProto.Parser.ParseFrom(b.Build(b.Node("MatMul", [q, "w"])));
        model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { rows, columns }, RawData = ByteString.CopyFrom(new byte[16]) });
        Refused(model.ToByteArray());
    }

    [Fact]
    public void Data_outside_the_file_is_refused_wherever_it_hides()
    {
        var outside = new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, DataLocation = 1 };
        var b = new OnnxBuilder(1, 2);
        var model = ModelProto.Parser.ParseFrom(b.Build(b.Quant("x", 1, 3)));
        model.Graph.Node.Add(new NodeProto { OpType = "Constant", Output = { "s" }, Attribute = { new AttributeProto { Name = "values", Type = 9, Tensors = { outside } } } });
        Refused(model.ToByteArray(), "outside the file");
        model.Graph.Node.RemoveAt(1);
        model.Graph.Initializer.Add(outside);
        Refused(model.ToByteArray(), "outside the file");
    }

    private static void Refused(byte[] model, string because = "", bool reference = true)
    {
        string message = Refusal(() => ModelCompiler.Compile(model, "t"));
        Assert.Contains(because, message, StringComparison.Ordinal);
        if (reference)
        {
            _ = Refusal(() =>
            {
                using var loaded = new ReferenceModel(model);
                _ = loaded.Run(new float[2]);
            });
        }
    }

    private static string Refusal(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is InvalidModelException or UnsupportedModelException)
        {
            return e.Message;
        }
        catch (ArgumentException e) when (e.Message.Contains("The model takes", StringComparison.Ordinal))
        {
            // The reference loaded it: only the sample does not fit.
            return e.Message;
        }

        Assert.Fail("The model was not refused.");
        return "";
    }
}
