using static BlindGrain.Cli.Reports.Html.Element;
using static BlindGrain.Cli.Reports.Html.Figures;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>The cryptographic parameters, each with what it is.</summary>
internal static class ParameterSection
{
    /// <summary>Builds the section.</summary>
    public static Element Build(ModelReport report)
    {
        IReadOnlyList<ParameterSetReport> sets = report.Parameters.Sets;
        (string, string, bool)[] values = [.. sets.Select((_, i) => (sets.Count == 1 ? "value" : $"set {i + 1}", "", true))];
        var table = new DataTable("The cryptographic parameters", [("parameter", "", false), .. values, ("what it is", "", false)]);
        void Row(string name, Func<ParameterSetReport, object> value, string meaning) => table.Row(null, [name, .. sets.Select(value), meaning]);
        Row("set", p => E("code", p.Id), "what keys, models and ciphertexts are matched by");
        Row("n", p => Count(p.SmallDimension), "LWE dimension of the blind rotation: steps of a bootstrap");
        Row("k", p => Count(p.GlweDimension), "mask polynomials of an accumulator");
        Row("N", p => Count(p.PolynomialSize), "coefficients of a polynomial");
        Row("N′", p => Count(p.TableSize), "entries of a look-up's table, over all accumulators that hold it");
        Row("bootstrapping gadget", p => $"2^{p.BootstrapBaseLog} × {p.BootstrapLevels}", "base and number of digits");
        Row("key-switching gadget", p => $"2^{p.KeyswitchBaseLog} × {p.KeyswitchLevels}", "base and number of digits");
        Row("noise, small key", p => $"2^{Decimal(p.Log2SmallStd, 2)}", "standard deviation relative to the torus: at least what 128 bits of security ask for at dimension n");
        Row("noise, big key", p => $"2^{Decimal(p.Log2BigStd, 2)}", "the same at dimension kN");
        Row("cost", p => $"{Decimal(p.CostPerBootstrap, 1)}", "10⁶ operations a bootstrap, by the model");
        Row("bootstraps", p => Count(p.Rotations), "of one inference");
        Row("time", p => Seconds(p.Milliseconds / 1000), "of these, on one core of the reference machine");
        Row("keys", p => Bytes(p.KeyBytes), $"to upload once; {string.Join(" and ", sets.Select(p => Bytes(p.ExpandedKeyBytes)))} in a worker's memory");
        return HtmlPage.Section("parameters", "Parameters", Lead(report.Parameters), table.Build());
    }

    private static string Lead(ParameterReport parameters)
    {
        const string Security = "A set below 128 bits of security cannot be made.";
        return parameters.OneSet is { } one
            ? $"Look-ups take {parameters.Sets.Count} sets of the catalogue, each the one that makes an inference fastest while every look-up meets the demand. With one set alone ({one.Id}) an inference would take {Seconds(one.Milliseconds / 1000)}, keys {Bytes(one.KeyBytes)} to upload and {Bytes(one.ExpandedKeyBytes)} in memory. {Security}"
            : $"All steps share one set of the catalogue: the cheapest with which every look-up meets the demand; further sets would take less than a tenth off the time. {Security}";
    }
}
