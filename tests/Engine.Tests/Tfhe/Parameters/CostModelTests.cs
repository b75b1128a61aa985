using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Parameters;

public class CostModelTests
{
    private static readonly ParameterSet s_small = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 1024);
    private static readonly ParameterSet s_large = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 2048 && p.Log2Extension == 0);

    [Fact]
    public void Batches_cost_less_a_ciphertext_and_larger_sets_more()
    {
        CostModel m = CostModel.Reference;
        Assert.All(ParameterCatalog.All, p =>
        {
            Assert.True(m.BootstrapMilliseconds(p) < m.BootstrapMilliseconds(p, 4));
            Assert.True(m.BootstrapMilliseconds(p, 4) < m.BootstrapMilliseconds(p, 1));
        });
        Assert.True(m.BootstrapMilliseconds(s_small) < m.BootstrapMilliseconds(s_large));
    }

    [Fact]
    public void A_measured_time_is_own_work_plus_a_shared_part_through_both_points()
    {
        var time = new UnitTime(80, 45, 100, 50);
        Assert.Equal(80, time.At(1, 8, busy: false));
        Assert.Equal(45, time.At(8, 8, busy: false), 1e-9);
        Assert.Equal(45, time.At(20, 8, busy: false));
        Assert.Equal(60, time.At(2, 8, busy: false), 1e-9); // 40 of its own and 40 shared by two
        Assert.Equal(100, time.At(1, 8, busy: true));
    }

    [Fact]
    public void A_layer_waits_for_the_thread_with_the_largest_share()
    {
        CostModel m = CostModel.Reference;
        double one = m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 1, 1);
        Assert.Equal(m.BootstrapMilliseconds(s_large, 1), one, 1e-9);
        Assert.Equal(one, m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 4, 4), 1e-9);
        Assert.Equal(16 * m.BootstrapMilliseconds(s_large), m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 32, 2), 1e-9);
        Assert.True(m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 33, 2) > m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 32, 2));
        Assert.Equal(0, m.LayerMilliseconds(s_large, RotationPlan.Full(s_large), 0, 2));
    }

    [Fact]
    public void A_shape_that_was_not_measured_is_scaled_as_the_measured_ones_are()
    {
        RotationTime half = Measured(s_large, 0.5);
        var model = new CostModel("test", 2, CostModel.Reference.KeyswitchTerm, 8, [half]);
        Assert.Equal(0.5 * CostModel.Reference.RotationMilliseconds(s_large, 1), model.RotationMilliseconds(s_large, 1), 1e-9);
        Assert.Equal(0.5 * CostModel.Reference.RotationMilliseconds(s_small), model.RotationMilliseconds(s_small), 1e-9);
    }

    [Fact]
    public void The_measured_times_decide()
    {
        // By the reference, a sigma of 2 % takes a small set of k = 3 or 4; a machine that is slow at those shapes takes another.
        ParameterSet usual = ParameterOptimizer.Default.ForSigma(0.02, 16)!;
        Assert.Equal(512, usual.PolynomialSize.Value);
        RotationTime[] slow = [.. ParameterCatalog.All.DistinctBy(p => (p.GlweDimension, p.PolynomialSize, p.Bootstrap.Levels, p.Log2Extension)).Select(p => Measured(p, p.PolynomialSize.Value <= 512 ? 3 : 1))];
        var optimizer = new ParameterOptimizer(new CostModel("test", 1, CostModel.Reference.KeyswitchTerm, 8, slow), 1);
        Assert.True(optimizer.ForSigma(0.02, 16)!.PolynomialSize.Value > 512);
        Assert.True(optimizer.ForSigma(0.02, 16)!.Cost > usual.Cost);
    }

    [Fact]
    public void Stricter_targets_take_slower_sets()
    {
        double Time(ParameterSet? p) => CostModel.Reference.BootstrapMilliseconds(p!);
        foreach (int bits in Enumerable.Range(1, 7))
        {
            Assert.True(Time(ParameterOptimizer.Default.ForExact(bits, 16, -40)) <= Time(ParameterOptimizer.Default.ForExact(bits, 16, -128)));
            Assert.True(Time(ParameterOptimizer.Default.ForExact(bits, 16, -40)) <= Time(ParameterOptimizer.Default.ForExact(bits + 1, 16, -40)));
        }

        Assert.Null(ParameterOptimizer.Default.ForExact(14, 16, -128));
    }

    private static RotationTime Measured(ParameterSet p, double factor)
    {
        double alone = CostModel.Reference.RotationMilliseconds(p, 1), batched = CostModel.Reference.RotationMilliseconds(p);
        double steps = p.SmallDimension.Value * new RotationPlan(p.Log2Extension).StepsPerElement / 1e6;
        var step = new UnitTime(factor * alone / steps, factor * batched / steps, factor * alone / steps, factor * batched / steps);
        return new RotationTime(p.GlweDimension.Value, p.PolynomialSize.Value, p.Bootstrap.Levels, p.Log2Extension, p.Log2Extension > 0 ? 1 : 8, step);
    }
}
