namespace BlindGrain.Compiler.Data;

/// <summary>Reads classes by the file's ending: .csv (the last column), .npy (a vector of integers), else idx.</summary>
public static class LabelFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It does not hold classes; the message says what was found.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".CSV" => Csv(path),
            ".NPY" => Vector(NpyReader.Read(path), path),
            _ => IdxReader.ReadLabels(path),
        };
    }

    /// <summary>The classes of an array.</summary>
    /// <exception cref="InvalidDataException">It is no vector of classes.</exception>
    internal static int[] Vector(NpyArray array, string source) => array.Shape.Count(d => d > 1) <= 1
        ? [.. array.Data.Select((v, i) => Class(v, i, source))]
        : throw new InvalidDataException($"{source} has the shape ({string.Join(", ", array.Shape)}); labels are one class a sample.");

    private static int[] Csv(string path)
    {
        LabelledSamples table = CsvReader.Read(path);
        return table.Labels ?? (table.Inputs[0].Length == 1
            ? [.. table.Inputs.Select((v, i) => Class(v[0], i, path))]
            : throw new InvalidDataException($"{path} has {table.Inputs[0].Length} columns; labels are one column, or a last one named 'label'."));
    }

    private static int Class(float value, int index, string source) => value >= 0 && value <= 1 << 24 && value == MathF.Round(value)
        ? (int)value
        : throw new InvalidDataException($"{source}: label {index} is {value}, no class number (0, 1, 2 …).");
}
