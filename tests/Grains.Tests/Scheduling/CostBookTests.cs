using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class CostBookTests
{
    [Fact]
    public void A_cost_follows_what_is_measured_and_kinds_are_apart()
    {
        var costs = new CostBook<string>();
        Assert.Null(costs.Find("a"));
        costs.Observe("a", 8, 80);
        costs.Observe("b", 1, 3);
        Assert.Equal(10, costs.Find("a"));
        costs.Observe("a", 8, 160);
        Assert.Equal(11, costs.Find("a")!.Value, 1e-9);
        for (int i = 0; i < 100; i++)
        {
            costs.Observe("a", 8, 160);
        }

        Assert.Equal(20, costs.Find("a")!.Value, 0.01);
        Assert.Equal(3, costs.Find("b"));
    }
}
