using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The cryptographic parameters, each with what it is.</summary>
internal static class ParameterSection
{
    /// <summary>Builds the section.</summary>
    public static Element Build(ModelReport report)
    {
        ParameterReport p = report.Parameters;
        var table = new DataTable("The cryptographic parameters", ("parameter", "", false), ("value", "", true), ("what it is", "", false));
        table.Row(null, "set", E("code", p.Id), "what keys, models and ciphertexts are matched by");
        table.Row(null, "n", Count(p.SmallDimension), "LWE dimension of the blind rotation: steps of a bootstrap");
        table.Row(null, "k", Count(p.GlweDimension), "mask polynomials of an accumulator");
        table.Row(null, "N", Count(p.PolynomialSize), "coefficients of a polynomial");
        table.Row(null, "N′", Count(p.TableSize), "entries of a look-up's table, over all accumulators that hold it");
        table.Row(null, "bootstrapping gadget", $"2^{p.BootstrapBaseLog} × {p.BootstrapLevels}", "base and number of digits");
        table.Row(null, "key-switching gadget", $"2^{p.KeyswitchBaseLog} × {p.KeyswitchLevels}", "base and number of digits");
        table.Row(null, "noise, small key", $"2^{Decimal(p.Log2SmallStd, 2)}", "standard deviation relative to the torus: at least what 128 bits of security ask for at dimension n");
        table.Row(null, "noise, big key", $"2^{Decimal(p.Log2BigStd, 2)}", $"the same at dimension kN = {Count(p.GlweDimension * p.PolynomialSize)}");
        table.Row(null, "cost", $"{Decimal(p.CostPerBootstrap, 1)}", "10⁶ operations a bootstrap, by the model");
        return HtmlPage.Section("parameters", "Parameters", "All steps share one set of the catalogue: the cheapest with which every look-up meets the demand. A set below 128 bits of security cannot be made.", table.Build());
    }
}
