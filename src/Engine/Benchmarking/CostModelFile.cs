using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>
/// Keeps measured cost models in the user's cache folder (<c>$XDG_CACHE_HOME/blindgrain</c> or <c>~/.cache/blindgrain</c>; the local application data
/// on Windows), one JSON file a processor, instruction set, engine build, thread count and catalogue.
/// </summary>
public static class CostModelFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The folder.</summary>
    public static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache)
            ? cache
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "blindgrain");

    /// <summary>The kept model of this machine; measured now, in seconds, and kept where there is none or it cannot be read.</summary>
    /// <param name="threads">The threads of the busy times, at least 1.</param>
    /// <param name="cancellation">Stops the measuring.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static CostModel GetOrMeasure(int threads, CancellationToken cancellation = default) =>
        GetOrMeasure(Folder, MachineName.Describe(), threads, () => CostMeter.Measure(ParameterCatalog.All, threads, cancellation));

    internal static CostModel GetOrMeasure(string folder, string machine, int threads, Func<CostModel> measure)
    {
        string path = PathOf(folder, machine, threads);
        if (File.Exists(path) && Parse(File.ReadAllText(path)) is { } kept && kept.Machine == machine && kept.Threads == threads)
        {
            return kept;
        }

        CostModel model = measure();
        _ = Directory.CreateDirectory(folder);

        // Another process may do the same: a reader sees a whole file or none.
        string part = $"{path}.{Environment.ProcessId}.part";
        File.WriteAllText(part, JsonSerializer.Serialize(model, s_json));
        File.Move(part, path, overwrite: true);
        return model;
    }

    internal static string PathOf(string folder, string machine, int threads)
    {
        string sets = string.Join(' ', ParameterCatalog.All.Select(p => p.Id));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{machine}\n{threads}\n{sets}"));
        return Path.Combine(folder, $"cost-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.json");
    }

    /// <summary>A model, or null where the text is none, or one with times that no machine has.</summary>
    private static CostModel? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<CostModel>(text, s_json) is { Rotations.Count: > 0, KeyswitchTerm: not null, KeyswitchBatch: >= 1 } model
                && Sane(model.KeyswitchTerm) && model.Rotations.All(r => r is { Batch: >= 1, Step: not null } && Sane(r.Step))
                    ? model
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Sane(UnitTime t) => new[] { t.Alone, t.Batched, t.AloneBusy, t.BatchedBusy }.All(v => v is > 0 and < 1e12);
}
