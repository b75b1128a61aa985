using System.CommandLine;
using System.Globalization;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Engine.Benchmarking;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>bench</c>: the engine's speed on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var set = new Option<string?>("--set") { Description = "Measure only the sets whose name begins so, such as tfhe-rs-2_2 or exact-6." };
        var seconds = new Option<double>("--seconds") { Description = "Seconds a set.", DefaultValueFactory = _ => 2 };
        var threads = new Option<int>("--threads") { Description = "Threads of the throughput runs.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new TaughtCommand("bench", "Measure the engine on this machine: transforms, key switches, bootstraps.", """
            Measure transforms by size, and for each parameter set a key switch (KS), a blind rotation (PBS) and both together on one
            thread, then bootstraps a second over all threads. Every decryption is checked. The sets named tfhe-rs-* have the shapes of
            that library's published ones; exact-BITS-2^E are what models take for exact look-ups, optimum-BITS-2^E the best there are for what
            the published set of as many bits allows, approximate-7 for a 7-bit accumulator that is read with a standard deviation of 0.4 of
            its units. 'hot loop' is transforms and products on one thread, beside the measured peak.

              blindgrain bench
              blindgrain bench --set tfhe-rs-2_2 --seconds 10
            """)
        {
            set,
            seconds,
            threads,
        };
        command.Runs((result, terminal, cancellation) =>
        {
            string? wanted = result.GetValue(set);
            double duration = result.GetValue(seconds);
            int parallel = result.GetValue(threads);
            if (duration is not (> 0 and <= 3600) || parallel is < 1 or > 4096)
            {
                throw CommandException.BadInput("Take --seconds above 0 up to 3600 and --threads from 1 to 4096.");
            }

            // A name that is one set's whole name means that set; else all that begin with it.
            BenchmarkSet[] sets = [.. BenchmarkSet.All.Where(s => wanted is null || s.Name.StartsWith(wanted, StringComparison.Ordinal))];
            sets = sets.Where(s => s.Name == wanted).ToArray() is { Length: > 0 } same ? same : sets;
            if (sets.Length == 0)
            {
                throw CommandException.BadInput($"There is no set '{wanted}'. There are: {string.Join(", ", BenchmarkSet.All.Select(s => s.Name))}.");
            }

            terminal.Note("peak ...");
            MachinePeak peak = EngineBenchmark.Peak(parallel);
            terminal.Note("transforms ...");
            IReadOnlyList<FourierRow> fourier = EngineBenchmark.Fourier();
            var rows = new List<BenchmarkRow>();
            foreach (BenchmarkSet one in sets)
            {
                terminal.Note($"{one.Name} ...");
                rows.Add(EngineBenchmark.Run(one, parallel, TimeSpan.FromSeconds(duration), cancellation));
            }

            terminal.Result(ToJson(peak, fourier, rows), console => View(console, peak, fourier, rows));
            return Task.FromResult(rows.Any(r => r.Failures > 0) ? ExitCodes.CheckFailed : ExitCodes.Success);
        });
        return command;
    }

    private static object ToJson(MachinePeak peak, IReadOnlyList<FourierRow> fourier, List<BenchmarkRow> rows) => new
    {
        rows = rows.Select(r => new Dictionary<string, object>
        {
            ["name"] = r.Name,
            ["n"] = r.SmallDimension,
            ["k"] = r.GlweDimension,
            ["N"] = r.PolynomialSize,
            ["extension"] = r.Extension,
            ["ksMs"] = r.KeyswitchMilliseconds,
            ["pbsMs"] = r.RotationMilliseconds,
            ["ksPbsMs"] = r.BootstrapMilliseconds,
            ["latencyMs"] = r.BootstrapMilliseconds,
            ["batchLatencyMs"] = r.BatchLatencyMilliseconds,
            ["batchedPbsMs"] = r.BatchedRotationMilliseconds,
            ["stepsPerElement"] = r.StepsPerElement,
            ["throughputPerSecond"] = r.ThroughputPerSecond,
            ["checked"] = r.Checked,
            ["failures"] = r.Failures,
            ["seededKeyBytes"] = r.SeededKeyBytes,
            ["expandedKeyBytes"] = r.ExpandedKeyBytes,
            ["gigaflopsPerSecond"] = r.GigaflopsPerSecond,
            ["fractionOfPeak"] = r.GigaflopsPerSecond / peak.GigaflopsAllThreads,
            ["hotLoopGigaflopsPerSecond"] = r.HotLoopGigaflopsPerSecond,
            ["hotLoopFractionOfPeak"] = r.HotLoopGigaflopsPerSecond / peak.GigaflopsOneThread,
            ["keyGigabytesPerSecond"] = r.KeyGigabytesPerSecond,
            ["fractionOfBandwidth"] = r.KeyGigabytesPerSecond / peak.ReadGigabytesPerSecond,
            ["keyGenerationSeconds"] = r.KeyGenerationSeconds,
            ["keyExpansionSeconds"] = r.KeyExpansionSeconds,
        }),
        fft = fourier.Select(f => new Dictionary<string, object> { ["N"] = f.PolynomialSize, ["forwardUs"] = f.ForwardMicroseconds, ["inverseUs"] = f.InverseMicroseconds }),
        peak,
    };

    private static void View(IAnsiConsole console, MachinePeak peak, IReadOnlyList<FourierRow> fourier, List<BenchmarkRow> rows)
    {
        console.WriteLine(Text($"{peak.SimdPath}; f64 peak {peak.GigaflopsOneThread:0.0} GFLOP/s on one thread, {peak.GigaflopsAllThreads:0.0} on {peak.Threads}; memory reads {peak.ReadGigabytesPerSecond:0.0} GB/s"));
        Table transforms = new Table().Border(TableBorder.Horizontal).AddColumns("N", "forward µs", "inverse µs");
        foreach (FourierRow f in fourier)
        {
            _ = transforms.AddRow(Text($"{f.PolynomialSize}"), Text($"{f.ForwardMicroseconds:0.00}"), Text($"{f.InverseMicroseconds:0.00}"));
        }

        console.Write(transforms);
        Table table = new Table().Border(TableBorder.Horizontal)
            .AddColumns("set", "n", "k", "N", "KS ms", "PBS ms", "KS+PBS ms", "a second", "wrong", "keys up", "keys in memory", "hot loop", "of peak", "of bandwidth");
        foreach (BenchmarkRow r in rows)
        {
            _ = table.AddRow(
                Markup.Escape(r.Name),
                Text($"{r.SmallDimension}"),
                Text($"{r.GlweDimension}"),
                r.Extension == 1 ? Text($"{r.PolynomialSize}") : Text($"{r.PolynomialSize}×{r.Extension}"),
                Text($"{r.KeyswitchMilliseconds:0.00}"),
                Text($"{r.RotationMilliseconds:0.00}"),
                Text($"{r.BootstrapMilliseconds:0.00}"),
                Text($"{r.ThroughputPerSecond:0.0}"),
                Text($"{r.Failures}/{r.Checked}"),
                Text($"{r.SeededKeyBytes / 1e6:0.0} MB"),
                Text($"{r.ExpandedKeyBytes / 1e6:0.0} MB"),
                Text($"{100 * r.HotLoopGigaflopsPerSecond / peak.GigaflopsOneThread:0} %"),
                Text($"{100 * r.GigaflopsPerSecond / peak.GigaflopsAllThreads:0} %"),
                Text($"{100 * r.KeyGigabytesPerSecond / peak.ReadGigabytesPerSecond:0} %"));
        }

        console.Write(table);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
