using System.Globalization;

namespace BlindGrain.ScaleModel;

/// <summary>Prints how throughput grows with silos and what bounds it, for the situations of docs/operations.md.</summary>
internal static class Program
{
    private static readonly (string Name, string What, Func<int, Scenario> Of)[] s_situations =
    [
        ("one-job", "one job at a time, of layers of 64 rotations", n => new Scenario { Silos = n, JobsInFlight = 1 }),
        ("wide-job", "one job at a time, of layers of 4 096 rotations", n => new Scenario { Silos = n, JobsInFlight = 1, Layers = [4096, 4096] }),
        ("one-tenant", "one key set, eight jobs in flight a silo", n => Warm(new Scenario { Silos = n, JobsInFlight = 8 * n })),
        ("tenants", "four key sets and eight jobs in flight a silo, keys loaded", n => Warm(new Scenario { Silos = n, KeySets = 4 * n, JobsInFlight = 8 * n })),
        ("arrivals", "four key sets a silo, loaded, jobs at random, 70 % of what the threads could do", n => Warm(new Scenario { Silos = n, KeySets = 4 * n, ArrivalsPerSecond = 0.7 * new Scenario { Silos = n }.Capacity / 192 })),
        ("cold", "as tenants, in the first ten seconds of an empty cluster", n => new Scenario { Silos = n, KeySets = 4 * n, JobsInFlight = 8 * n, WarmUpMilliseconds = 0, MeasuredMilliseconds = 10_000 }),
    ];

    private static int Main(string[] args)
    {
        if (args.Length is < 1 or > 2 || s_situations.All(s => s.Name != args[0]) || !TrySilos(args.Length == 2 ? args[1] : "1,2,4,8,16,32", out int[] silos))
        {
            Console.Error.WriteLine($"usage: ScaleModel {string.Join('|', s_situations.Select(s => s.Name))} [SILOS,SILOS,...]");
            return 2;
        }

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        (string name, string what, Func<int, Scenario> of) = s_situations.Single(s => s.Name == args[0]);
        Console.WriteLine($"{name}: {what}\n");
        Console.WriteLine("| silos | rotations/s | of the threads' | job, median | 95 % | threads | network | messages | storage | key loads | busy | bound by |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (int count in silos)
        {
            ScaleResult r = ScaleSimulation.Run(of(count));
            Console.WriteLine(
                $"| {count} | {r.RotationsPerSecond:F0} | {r.Efficiency:P0} | {r.MedianLatency:F0} ms | {r.Latency95:F0} ms | {r.Threads:P0} | {r.Network:P0} | {r.Messages:P0} | {r.Storage:P0} | {r.KeyLoads} | {r.BusyAnswers} | {r.BoundBy} |");
        }

        return 0;
    }

    /// <summary>Keys come at once: what a cluster does that has run for a while.</summary>
    private static Scenario Warm(Scenario scenario) => scenario with { KeyFileBytes = 0, KeyExpansionMilliseconds = 0, WarmUpMilliseconds = 10_000, MeasuredMilliseconds = 10_000 };

    private static bool TrySilos(string text, out int[] silos)
    {
        silos = [.. text.Split(',').Select(t => int.TryParse(t, out int n) ? n : 0)];
        return silos.All(n => n is >= 1 and <= 10_000);
    }
}
