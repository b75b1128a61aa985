using BlindGrain.Engine.Benchmarking;

namespace BlindGrain.Engine.Tests.Benchmarking;

public class EngineBenchmarkTests
{
    [Fact]
    public void A_short_run_decrypts_right_and_fills_every_figure()
    {
        BenchmarkSet set = BenchmarkSet.Own.First(s => s.Name == "exact-3-2^-40");
        BenchmarkRow row = EngineBenchmark.Run(set, 2, TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Assert.Equal(0, row.Failures);
        Assert.True(row.Checked >= 17);
        Assert.All([row.KeyswitchMilliseconds, row.RotationMilliseconds, row.BootstrapMilliseconds, row.ThroughputPerSecond, row.GigaflopsPerSecond, row.HotLoopGigaflopsPerSecond, row.KeyGigabytesPerSecond, row.BatchedRotationMilliseconds], v => Assert.True(v > 0));
        Assert.Equal(set.Parameters.SeededKeyBytes, row.SeededKeyBytes);
    }

    [Fact]
    public void An_approximate_set_decrypts_near_the_entry()
    {
        BenchmarkSet set = BenchmarkSet.Own.Single(s => s.Name == "approximate-7");
        Assert.Equal(3, set.Tolerance);
        BenchmarkRow row = EngineBenchmark.Run(set, 1, TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(0, row.Failures);
        Assert.True(row.BootstrapMilliseconds > 0);
    }

    [Fact]
    public void Own_sets_cover_one_to_eight_bits_at_every_error_probability()
    {
        foreach (int log2PError in new[] { -40, -64, -128 })
        {
            Assert.Equal(Enumerable.Range(1, 8), BenchmarkSet.Own.Where(s => s.Name.EndsWith($"2^{log2PError}", StringComparison.Ordinal)).Select(s => s.MessageBits));
        }

        Assert.Equal(BenchmarkSet.All.Count(), BenchmarkSet.All.Select(s => s.Name).Distinct().Count());
    }
}
