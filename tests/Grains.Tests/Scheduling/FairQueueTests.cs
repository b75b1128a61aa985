using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class FairQueueTests
{
    [Fact]
    public void Tenants_take_turns_however_much_one_of_them_has()
    {
        FairQueue<string> queue = Queue();
        for (int i = 0; i < 100; i++)
        {
            queue.Add($"many{i}", Terms("many"));
        }

        queue.Add("few0", Terms("few"));
        queue.Add("few1", Terms("few"));
        queue.Add("one0", Terms("one"));
        Assert.Equal(["many0", "few0", "one0", "many1", "few1", "many2"], Take(queue, 6));
    }

    [Fact]
    public void Shares_follow_the_weights_and_what_the_work_costs_rather_than_its_number()
    {
        FairQueue<string> queue = Queue(tenant => tenant == "heavy" ? 3 : 1);
        for (int i = 0; i < 100; i++)
        {
            queue.Add("heavy", Terms("heavy", cost: 10));
            queue.Add("light", Terms("light", cost: 2));
            queue.Add("light", Terms("light", cost: 2));
        }

        string[] order = Take(queue, 160);
        int heavy = 10 * order.Count(o => o == "heavy"), light = 2 * order.Count(o => o == "light");
        Assert.InRange((double)heavy / light, 2.7, 3.3);
    }

    [Fact]
    public void Work_that_took_longer_than_expected_is_charged_afterwards()
    {
        FairQueue<string> queue = Queue();
        for (int i = 0; i < 10; i++)
        {
            queue.Add("slow", Terms("slow"));
            queue.Add("quick", Terms("quick"));
        }

        Turn<string> first = queue.TryTake()!;
        Assert.Equal("slow", first.Tenant);
        queue.Settle(first, 5);
        Assert.Equal(["quick", "quick", "quick", "quick", "quick", "slow"], Take(queue, 6));
    }

    [Fact]
    public void A_tenant_that_was_idle_is_ahead_by_what_it_saved_and_no_more()
    {
        FairQueue<string> queue = Queue(burst: 3);
        for (int i = 0; i < 50; i++)
        {
            queue.Add("busy", Terms("busy"));
        }

        _ = Take(queue, 20);
        for (int i = 0; i < 10; i++)
        {
            queue.Add("rare", Terms("rare"));
        }

        string[] order = Take(queue, 10);
        Assert.Equal(["rare", "rare", "rare"], order[..3]);
        Assert.InRange(order[3..].Count(o => o == "busy"), 3, 4);
    }

    [Fact]
    public void Inside_a_tenant_priority_comes_first_then_the_deadline_then_the_order_of_arrival()
    {
        FairQueue<string> queue = Queue();
        DateTimeOffset soon = DateTimeOffset.UnixEpoch, later = soon.AddHours(1);
        queue.Add("plain", Terms("t"));
        queue.Add("later", Terms("t") with { Deadline = later });
        queue.Add("soon", Terms("t") with { Deadline = soon });
        queue.Add("last", Terms("t") with { Priority = 9, Deadline = soon });
        queue.Add("first", Terms("t") with { Priority = 1 });
        queue.Add("plain2", Terms("t"));
        Assert.Equal(["first", "soon", "later", "plain", "plain2", "last"], Take(queue, 6));
    }

    [Fact]
    public void Units_of_one_pass_are_taken_together_up_to_its_capacity()
    {
        FairQueue<string> queue = Queue();
        queue.Add("a", Pass("t", "p", 5));
        queue.Add("x", Pass("t", "other", 5));
        queue.Add("b", Pass("t", "p", 5));
        queue.Add("stranger", Pass("u", "p", 5));
        Turn<string> first = queue.TryTake()!;
        Assert.Equal([new("a", 0, 5), new("b", 0, 3)], first.Shares);
        Assert.Equal(8, first.Cost);
        Assert.Equal([new("stranger", 0, 5)], queue.TryTake()!.Shares);
        Assert.Equal([new("x", 0, 5)], queue.TryTake()!.Shares);
        Assert.Equal([new("b", 3, 2)], queue.TryTake()!.Shares);
        Assert.Null(queue.TryTake());
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Takers_that_nobody_else_wanted_are_not_held_against_a_tenant()
    {
        FairQueue<string> queue = Queue(burst: 100);
        for (int i = 0; i < 50; i++)
        {
            queue.Add("one", Terms("t"));
            Assert.Equal(["one"], Take(queue, 1));
        }

        for (int i = 0; i < 200; i++)
        {
            queue.Add("many", Terms("u"));
        }

        // The newcomer's crowd has used ten by now: the other may have as much first, then they take turns.
        Assert.All(Take(queue, 10), i => Assert.Equal("many", i));
        for (int i = 0; i < 20; i++)
        {
            queue.Add("one", Terms("t"));
        }

        Assert.InRange(Take(queue, 10).Count(i => i == "one"), 9, 10);
        Assert.InRange(Take(queue, 10).Count(i => i == "one"), 4, 6);
    }

    [Fact]
    public void Idle_takers_share_a_pass()
    {
        FairQueue<string> queue = Queue();
        queue.Add("a", Pass("t", "p", 7));
        Assert.Equal([3, 2, 2], new[] { 3, 2, 1 }.Select(takers => Assert.Single(queue.TryTake(takers)!.Shares).Count));
    }

    [Fact]
    public void Nobody_takes_more_than_a_share_of_all_that_waits_from_takers_that_are_soon_back()
    {
        FairQueue<string> queue = Queue();
        queue.Add("a", Pass("t", "p", 8));
        queue.Add("b", Pass("u", "p", 4));
        Assert.Equal(3, Assert.Single(queue.TryTake(idle: 1, takers: 4)!.Shares).Count);
        Assert.Equal(3, Assert.Single(queue.TryTake(idle: 1, takers: 4)!.Shares).Count);
        _ = queue.Remove("u", _ => true);

        // What was taken away no longer counts.
        Assert.Equal(2, Assert.Single(queue.TryTake(idle: 1, takers: 4)!.Shares).Count);
        queue.Add("c", Pass("v", "p", 800));
        Assert.Equal(8, Assert.Single(queue.TryTake(idle: 1, takers: 4)!.Shares).Count);
    }

    [Fact]
    public void What_nobody_wants_is_taken_away_and_the_others_stay()
    {
        FairQueue<string> queue = Queue();
        foreach (string item in new[] { "a", "b", "a" })
        {
            queue.Add(item, Terms("t"));
        }

        queue.Add("a", Terms("other"));
        Assert.Equal(["a", "a"], queue.Remove("t", i => i == "a"));
        Assert.Empty(queue.Remove("nobody", _ => true));
        Assert.Equal(1, queue.Backlog("t"));
        Assert.Equal(["b", "a"], Take(queue, 2));
        queue.Add("c", Terms("t"));
        Assert.Equal(["c"], queue.Clear());
        Assert.Null(queue.TryTake());
    }

    private static FairQueue<string> Queue(Func<string, double>? weights = null, double burst = 0) => new(weights ?? (_ => 1), burst);

    private static WorkTerms Terms(string tenant, double cost = 1) => new(tenant, 5, null, 1, cost);

    private static WorkTerms Pass(string tenant, string pass, int units) => new(tenant, 5, null, units, 1, pass, 8);

    private static string[] Take(FairQueue<string> queue, int count) => [.. Enumerable.Range(0, count).Select(_ => Assert.Single(queue.TryTake()!.Shares).Item)];
}
