using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Benchmarking;

public class CostModelFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void A_model_is_measured_once_and_then_read()
    {
        int measured = 0;
        CostModel Measure()
        {
            measured++;
            return Model("cpu");
        }

        CostModel first = CostModelFile.GetOrMeasure(_folder, "cpu", 2, Measure);
        CostModel second = CostModelFile.GetOrMeasure(_folder, "cpu", 2, Measure);
        Assert.Equal(1, measured);
        Assert.Equal(first.KeyswitchTerm, second.KeyswitchTerm);
        Assert.Equal(first.Rotations, second.Rotations);
        Assert.True(second.IsMeasured);
    }

    [Fact]
    public void Another_machine_or_thread_count_has_a_file_of_its_own()
    {
        Assert.NotEqual(CostModelFile.PathOf(_folder, "cpu", 2), CostModelFile.PathOf(_folder, "another", 2));
        Assert.NotEqual(CostModelFile.PathOf(_folder, "cpu", 2), CostModelFile.PathOf(_folder, "cpu", 4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"machine\":\"cpu\",\"threads\":2}")]
    [InlineData("{\"machine\":\"cpu\",\"threads\":2,\"keyswitchTerm\":{\"alone\":-1,\"batched\":1,\"aloneBusy\":1,\"batchedBusy\":1},\"keyswitchBatch\":8,\"rotations\":[]}")]
    public void What_cannot_be_used_is_measured_again(string content)
    {
        _ = Directory.CreateDirectory(_folder);
        File.WriteAllText(CostModelFile.PathOf(_folder, "cpu", 2), content);
        Assert.Equal(7, CostModelFile.GetOrMeasure(_folder, "cpu", 2, () => Model("cpu")).Rotations[0].Step.Alone);
        Assert.Equal(7, CostModelFile.GetOrMeasure(_folder, "cpu", 2, () => throw new InvalidOperationException("not kept")).Rotations[0].Step.Alone);
    }

    [Fact]
    public void A_measurement_gives_every_time_of_the_shapes_asked_for()
    {
        ParameterSet p = ParameterCatalog.All[0], extended = ParameterCatalog.All.First(s => s.Log2Extension == 1);
        CostModel model = CostMeter.Measure([p, extended, p], 2, TestContext.Current.CancellationToken);
        Assert.Equal(2, model.Rotations.Count);
        Assert.All(model.Rotations, r => Assert.True(r.Step is { Alone: > 0, Batched: > 0, AloneBusy: > 0, BatchedBusy: > 0 }));
        Assert.True(model.KeyswitchTerm is { Alone: > 0, Batched: > 0, AloneBusy: > 0, BatchedBusy: > 0 });
        Assert.True(model.Rotations[0].Fits(p) && model.Rotations[1].Fits(extended));
        Assert.True(model.BootstrapMilliseconds(extended, 1, 2) > model.BootstrapMilliseconds(p, 1, 2));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static CostModel Model(string machine) =>
        new(machine, 2, new UnitTime(0.2, 0.1, 0.3, 0.1), 8, [new RotationTime(1, 2048, 1, 0, 8, new UnitTime(7, 6, 9, 8))]);
}
