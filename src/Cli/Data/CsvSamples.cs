using System.Globalization;
using BlindGrain.Cli.CommandLine;

namespace BlindGrain.Cli.Data;

/// <summary>
/// Reads samples from comma-separated text: one sample a line, numbers with a decimal point. A first line of names is
/// a header; where its last name is "label" (or "class"), the last column holds the classes.
/// </summary>
internal static class CsvSamples
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandException">A line does not fit; the message says which.</exception>
    public static LabelledSamples Read(string path) => Parse(File.ReadLines(path), path);

    /// <summary>Reads lines; <paramref name="source"/> is what messages call them.</summary>
    /// <exception cref="CommandException">A line does not fit; the message says which.</exception>
    public static LabelledSamples Parse(IEnumerable<string> lines, string source)
    {
        var inputs = new List<float[]>();
        var labels = new List<int>();
        bool labelled = false;
        int columns = -1, number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (columns < 0)
            {
                columns = cells.Length;
                if (Array.TrueForAll(cells, c => !IsNumber(c)))
                {
                    labelled = cells[^1].Equals("label", StringComparison.OrdinalIgnoreCase) || cells[^1].Equals("class", StringComparison.OrdinalIgnoreCase);
                    continue;
                }
            }

            if (cells.Length != columns)
            {
                throw CommandException.BadInput($"{source}, line {number}: {cells.Length} columns where {columns} are expected.");
            }

            inputs.Add([.. cells[..(labelled ? columns - 1 : columns)].Select((c, i) => Number(c, i, number, source))]);
            if (labelled)
            {
                labels.Add(int.TryParse(cells[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int label)
                    ? label
                    : throw CommandException.BadInput($"{source}, line {number}: the label '{cells[^1]}' is no class number (0, 1, 2 …)."));
            }
        }

        return inputs.Count > 0
            ? new LabelledSamples([.. inputs], labelled ? [.. labels] : null)
            : throw CommandException.BadInput($"{source} holds no samples.");
    }

    private static bool IsNumber(string cell) => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static float Number(string cell, int column, int line, string source) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw CommandException.BadInput($"{source}, line {line}, column {column + 1}: '{cell}' is no number.");
}
