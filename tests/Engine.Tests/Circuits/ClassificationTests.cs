using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Tests.Circuits;

public class ClassificationTests
{
    private static readonly long[] s_result = [3, -4, 9, 9];

    [Theory]
    [InlineData(null, 2)]
    [InlineData(ClientFunction.Softmax, 2)]
    [InlineData(ClientFunction.LogSoftmax, 2)]
    [InlineData(ClientFunction.ArgMax, 2)]
    [InlineData(ClientFunction.TopKIndices, 2)]
    [InlineData(ClientFunction.TopKValues, 2)]
    [InlineData(ClientFunction.ArgMin, 1)]
    public void The_class_is_what_the_output_names(ClientFunction? function, int expected)
    {
        ClientOperation? operation = function is { } f ? new ClientOperation(f, 0, f is ClientFunction.TopKIndices or ClientFunction.TopKValues ? 2 : 1, KeepAxis: false) : null;
        Assert.Equal(expected, Classification.ClassOf(new CircuitOutput(0, [4], [0.5f], [1], operation), s_result));
    }

    [Fact]
    public void Scales_that_differ_count() =>
        Assert.Equal(0, Classification.ClassOf(new CircuitOutput(0, [4], [10, 1, 1, 1], [0]), s_result));
}
