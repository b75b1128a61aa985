using System.Runtime.InteropServices;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>What measured times belong to: a processor, the instruction set in use and a build of the engine.</summary>
internal static class MachineName
{
    /// <summary>For example "AMD EPYC x2, Avx2, engine 0.1.0 5f0c...".</summary>
    public static string Describe()
    {
        System.Reflection.Assembly engine = typeof(MachineName).Assembly;

        // Any other build may have other kernels, whatever its version says.
        string build = engine.ManifestModule.ModuleVersionId.ToString("N")[..12];
        return $"{Processor()} x{Environment.ProcessorCount}, {SimdPaths.Best}, engine {engine.GetName().Version?.ToString(3)} {build}";
    }

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? name = null;
        if (File.Exists(CpuInfo))
        {
            name = File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        }

        return name ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
