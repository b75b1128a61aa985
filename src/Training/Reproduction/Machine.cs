using System.Globalization;
using System.Runtime.InteropServices;

namespace BlindGrain.Training.Reproduction;

/// <summary>The machine that figures were measured on, in words.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, memory, operating system, and how busy it was.</summary>
    public static string Describe()
    {
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor"
            : RuntimeInformation.ProcessArchitecture.ToString();
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(2, 30);
        string load = File.Exists("/proc/loadavg") ? $", load average at the end {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{processor}, {Environment.ProcessorCount} hardware threads, {memory:F0} GiB, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}{load}");
    }
}
