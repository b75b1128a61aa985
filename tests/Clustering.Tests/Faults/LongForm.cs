using System.Globalization;

namespace BlindGrain.Clustering.Tests.Faults;

/// <summary>
/// Fault tests have a short form, part of every test run, and a long one: BLINDGRAIN_CLUSTER_LONG=1 in the environment (docs/cluster.md). What they measure goes to the
/// test's output; no test asserts on a clock.
/// </summary>
internal static class LongForm
{
    public static bool IsWanted { get; } = Environment.GetEnvironmentVariable("BLINDGRAIN_CLUSTER_LONG") == "1";

    /// <summary>A number of the test's form.</summary>
    public static int Choose(int brief, int full) => IsWanted ? full : brief;

    /// <summary>Tells what was measured.</summary>
    public static void Report(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
