namespace BlindGrain.Compiler.Tests;

/// <summary>The model as ONNX Runtime runs it.</summary>
public class ReferenceModelTests
{
    [Fact]
    public void A_batch_that_the_model_declares_becomes_one_sample()
    {
        var b = new OnnxBuilder(50_000_000, 3);
        byte[] onnx = b.Build(b.Node("MatMul", ["x", b.Constant([3, 2], 1, 2, 3, 4, 5, 6)]));
        Assert.Contains("more than", Assert.Throws<UnsupportedModelException>(() => new ReferenceModel(onnx)).Message, StringComparison.Ordinal);
        using var reference = new ReferenceModel(onnx, 3);
        Assert.Equal([1f - 3, 2f - 4], reference.Run([1, -1, 0]));
    }

    [Fact]
    public void A_sample_that_is_the_whole_batch_stays_one()
    {
        var b = new OnnxBuilder(2, 3);
        byte[] onnx = b.Build(b.Node("ReduceSum", ["x", b.Integers(0)], OnnxBuilder.Int("keepdims", 0)));
        using var reference = new ReferenceModel(onnx, 6);
        Assert.Equal([5f, 7, 9], reference.Run([1, 2, 3, 4, 5, 6]));
    }
}
