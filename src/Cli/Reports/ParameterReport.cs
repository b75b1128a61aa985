using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>The parameters as a report gives them.</summary>
internal sealed record ParameterReport(
    string Id,
    int SmallDimension,
    int GlweDimension,
    int PolynomialSize,
    int TableSize,
    int BootstrapBaseLog,
    int BootstrapLevels,
    int KeyswitchBaseLog,
    int KeyswitchLevels,
    double Log2SmallStd,
    double Log2BigStd,
    double CostPerBootstrap)
{
    /// <summary>Describes a parameter set.</summary>
    public static ParameterReport Of(ParameterSet p) => new(
        p.Id,
        p.SmallDimension.Value,
        p.GlweDimension.Value,
        p.PolynomialSize.Value,
        p.TableSize,
        p.Bootstrap.BaseLog,
        p.Bootstrap.Levels,
        p.Keyswitch.BaseLog,
        p.Keyswitch.Levels,
        p.Log2SmallStd,
        p.Log2BigStd,
        p.Cost);
}
