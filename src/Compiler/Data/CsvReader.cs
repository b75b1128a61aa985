using System.Globalization;

namespace BlindGrain.Compiler.Data;

/// <summary>
/// Reads samples from comma-separated text: one sample a line, numbers with a decimal point. A first line of names is
/// a header; where its last name is "label" (or "class"), the last column holds the classes.
/// </summary>
public static class CsvReader
{
    private const int MaxLine = 1 << 26;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A line does not fit; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LabelledSamples Read(string path) => Parse(File.ReadLines(path), path);

    /// <summary>Reads lines; <paramref name="source"/> is what messages call them.</summary>
    /// <exception cref="InvalidDataException">A line does not fit; the message says which.</exception>
    public static LabelledSamples Parse(IEnumerable<string> lines, string source)
    {
        ArgumentNullException.ThrowIfNull(lines);
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

            string[] cells = line.Length <= MaxLine ? line.Split(',', StringSplitOptions.TrimEntries) : throw new InvalidDataException($"{source}, line {number} has {line.Length} characters; at most {MaxLine} are read.");
            if (columns < 0)
            {
                columns = cells.Length;
                if (Array.TrueForAll(cells, c => !IsNumber(c)))
                {
                    labelled = columns > 1 && (cells[^1].Equals("label", StringComparison.OrdinalIgnoreCase) || cells[^1].Equals("class", StringComparison.OrdinalIgnoreCase));
                    continue;
                }
            }

            if (cells.Length != columns)
            {
                throw new InvalidDataException($"{source}, line {number}: {cells.Length} columns where {columns} are expected.");
            }

            if ((inputs.Count + 1L) * columns > DataLimits.MaxElements)
            {
                throw new InvalidDataException($"{source} holds more than {DataLimits.MaxElements} numbers.");
            }

            inputs.Add([.. cells[..(labelled ? columns - 1 : columns)].Select((c, i) => Number(c, i, number, source))]);
            if (labelled)
            {
                labels.Add(int.TryParse(cells[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int label)
                    ? label
                    : throw new InvalidDataException($"{source}, line {number}: the label '{cells[^1]}' is no class number (0, 1, 2 …)."));
            }
        }

        return inputs.Count > 0
            ? new LabelledSamples([.. inputs], labelled ? [.. labels] : null)
            : throw new InvalidDataException($"{source} holds no samples.");
    }

    private static bool IsNumber(string cell) => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static float Number(string cell, int column, int line, string source) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{source}, line {line}, column {column + 1}: '{cell}' is no number.");
}
