using System.Globalization;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports;

/// <summary>Execution modes in words.</summary>
internal static class ModeText
{
    /// <summary>"exact, p_error 2^-40" or "approximate, sigma 0.5 %".</summary>
    public static string Short(ExecutionMode mode) => mode switch
    {
        ExecutionMode.Exact exact => string.Create(CultureInfo.InvariantCulture, $"exact, p_error 2^{exact.Log2PError:0.##}"),
        ExecutionMode.Approximate approximate => string.Create(CultureInfo.InvariantCulture, $"approximate, sigma {approximate.Sigma * 100:0.###} %"),
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
