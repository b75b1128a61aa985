using BlindGrain.Engine.Execution;
using BlindGrain.Training.Reproduction;

namespace BlindGrain.Training.Tests.Reproduction;

public class EncryptedRunTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exact_mode_gives_the_clear_integers_by_the_engine_and_through_REST(bool overRest)
    {
        EncryptedResult result = await EncryptedRun.RunAsync(SampleRow.Run(), new EncryptedPlan(new ExecutionMode.Exact(), 2, overRest, null), null, TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 2), (result.Samples, result.EqualIntegers, result.EqualClasses));
        Assert.True(result.MedianSeconds > 0);
        Assert.Equal(overRest ? "REST" : "engine", result.Way);
    }
}
