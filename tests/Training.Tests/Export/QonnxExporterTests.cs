using BlindGrain.Compiler;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;
using BlindGrain.Training.Export;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Recipes;
using BlindGrain.Training.Tasks;
using Google.Protobuf;

namespace BlindGrain.Training.Tests.Export;

public class QonnxExporterTests
{
    [Fact]
    public void The_graph_is_gemms_and_relus_with_quant_nodes_and_a_free_batch_dimension()
    {
        using QuantMlp network = Small.Network(31);

        ModelProto model = QonnxExporter.Export(network, "small", "points", "logits");

        Assert.Equal(
            ["Quant", "Quant", "Gemm", "Relu", "Quant", "Quant", "Gemm", "Relu", "Quant", "Quant", "Gemm"],
            model.Graph.Node.Select(n => n.OpType));
        Assert.All(model.Graph.Node.Where(n => n.OpType == "Quant"), n => Assert.Equal("qonnx.custom_op.general", n.Domain));
        Assert.Equal("points", model.Graph.Input.Single().Name);
        Assert.Equal("batch", model.Graph.Input.Single().Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal(2, model.Graph.Input.Single().Type.TensorType.Shape.Dim[1].DimValue);
        Assert.Equal("logits", model.Graph.Output.Single().Name);
    }

    [Fact]
    public void The_compiled_circuit_gives_the_networks_class_on_every_test_point()
    {
        using QuantMlp network = Small.Trained(32);
        (_, Dataset test) = Checkerboard.Generate(1);

        FheCircuit circuit = ModelCompiler.Compile(Bytes(network), "small");

        CompiledCheck check = CompiledCheck.Run(circuit, test, network.Classify(test));
        Assert.Equal(network.Accuracy(test), check.Accuracy);
        Assert.Equal(10, circuit.Steps.OfType<LookupStep>().Sum(s => s.OutputLength));
    }

    [Fact]
    public void Onnx_runtime_computes_the_networks_classes()
    {
        using QuantMlp network = Small.Trained(33);
        (_, Dataset test) = Checkerboard.Generate(2);
        using var reference = new ReferenceModel(Bytes(network));

        long[] classes = Enumerable.Range(0, test.Count).Select(i =>
        {
            float[] logits = reference.Run(test.Values[(2 * i)..((2 * i) + 2)]);
            return logits[1] > logits[0] ? 1L : 0L;
        }).ToArray();

        Assert.Equal(network.Classify(test), classes);
    }

    [Fact]
    public void The_circuits_accumulators_are_those_of_the_worst_case_report()
    {
        using QuantMlp network = Small.Trained(34);
        FheCircuit circuit = ModelCompiler.Compile(Bytes(network), "small");

        long[] compiled = circuit.Steps.Select((s, i) => (s, i)).Where(p => p.s is LinearStep).Select(p => circuit.Ranges[p.i + 1].Max(r => r.Width)).ToArray();

        Assert.Equal(WorstCase.Of(network).Select(l => l.MaxWidth), compiled);
    }

    private static byte[] Bytes(QuantMlp network) => QonnxExporter.Export(network, "small", "points", "logits").ToByteArray();
}
