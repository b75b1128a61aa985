using System.Globalization;
using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Parameters;

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

    [Fact]
    public void Free_optima_meet_their_probability_and_beat_the_catalogue()
    {
        Assert.Equal(24, BenchmarkSet.Optimum.Count);
        Assert.Equal(25, BenchmarkSet.PeerSquaredNorm(4, -40));
        Assert.Equal(1, BenchmarkSet.PeerSquaredNorm(4, -128));
        Assert.All(BenchmarkSet.Optimum, set =>
        {
            int log2PError = int.Parse(set.Name[(set.Name.LastIndexOf('^') + 1)..], CultureInfo.InvariantCulture);
            double norm = BenchmarkSet.PeerSquaredNorm(set.MessageBits, log2PError);
            Assert.InRange(NoiseModel.Log2PError(Math.Pow(2, -(set.MessageBits + 2)), NoiseModel.AtLookup(set.Parameters, norm, set.Plan)), log2PError - 12, log2PError);
            ParameterSet? catalogued = ParameterOptimizer.Default.ForExact(set.MessageBits, norm, log2PError);
            Assert.True(catalogued is null || Cost(set.Parameters) <= Cost(catalogued), set.Name);
        });

        static double Cost(ParameterSet p) => CostModel.Reference.BootstrapMilliseconds(p) + CostModel.Reference.BootstrapMilliseconds(p, 1);
    }
}
