using System.Globalization;
using System.Text;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>Numbers as people read them: culture-free, true minus signs, thin spaces between thousands, units after a space that does not break.</summary>
internal static class Figures
{
    private const string Gap = "\u00A0";
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly NumberFormatInfo s_format = CreateFormat();

    /// <summary>A whole number: "15 720".</summary>
    public static string Count(long value) => value.ToString(Math.Abs(value) < 10_000 ? "0" : "#,0", s_format);

    /// <summary>A number with so many decimals.</summary>
    public static string Decimal(double value, int decimals = 1) => value.ToString(Math.Abs(value) < 10_000 ? $"F{decimals}" : $"N{decimals}", s_format);

    /// <summary>A number with about three significant digits.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => Decimal(value, 0),
        >= 10 => Decimal(value, 1),
        >= 1 => Decimal(value, 2),
        _ => value.ToString("G3", s_format),
    };

    /// <summary>A fraction as percent: "96.60 %".</summary>
    public static string Percent(double fraction, int decimals = 1) => Decimal(fraction * 100, decimals) + Gap + "%";

    /// <summary>A closed interval: "[−311, 311]".</summary>
    public static string Range(long min, long max) => $"[{Count(min)},{Gap}{Count(max)}]";

    /// <summary>A power of two, rounded up to a whole exponent: "2⁻⁷²".</summary>
    public static string Power(double log2)
    {
        return "2" + Superscript((int)Math.Ceiling(log2));
    }

    /// <summary>A whole number as an exponent: "⁻⁷²".</summary>
    public static string Superscript(int exponent)
    {
        var text = new StringBuilder();
        if (exponent < 0)
        {
            _ = text.Append('⁻');
        }

        foreach (char digit in Math.Abs(exponent).ToString(CultureInfo.InvariantCulture))
        {
            _ = text.Append(Superscripts[digit - '0']);
        }

        return text.ToString();
    }

    /// <summary>Bytes in powers of ten: "27.4 MB".</summary>
    public static string Bytes(long bytes) => ModelReportView.Bytes(bytes).Replace(" ", Gap, StringComparison.Ordinal);

    /// <summary>A duration: "56 ms", "1.9 s", "4.2 min".</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-3 => Short(seconds * 1e6) + Gap + "µs",
        < 1 => Short(seconds * 1e3) + Gap + "ms",
        < 120 => Short(seconds) + Gap + "s",
        < 7200 => Short(seconds / 60) + Gap + "min",
        _ => Short(seconds / 3600) + Gap + "h",
    };

    /// <summary>A factor: "× 3.6".</summary>
    public static string Factor(double factor) => "×" + Gap + Short(factor);

    /// <summary>A shape: "1 × 28 × 28".</summary>
    public static string Shape(IReadOnlyList<int> shape) => string.Join($"{Gap}×{Gap}", shape.Select(d => Count(d)));

    /// <summary>A noun with its number: "1 table", "64 tables".</summary>
    public static string Of(long count, string noun, string? plural = null) => $"{Count(count)}{Gap}{(count == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>A name of at most <paramref name="length"/> characters, its middle left out where it is longer.</summary>
    public static string Fit(string name, int length)
    {
        if (name.Length <= length)
        {
            return name;
        }

        int head = (length - 1) / 2, tail = length - 1 - head;
        return string.Concat(name.AsSpan(0, head), "…", name.AsSpan(name.Length - tail));
    }

    private static NumberFormatInfo CreateFormat()
    {
        var format = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        format.NegativeSign = "\u2212";
        format.NumberGroupSeparator = "\u202F";
        return format;
    }
}
