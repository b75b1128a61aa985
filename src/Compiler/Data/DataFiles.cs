namespace BlindGrain.Compiler.Data;

/// <summary>
/// Reads samples for a model: a folder of PNG images; else by the file's ending .csv, .npy or .npz; else idx images (plain or gzipped). Images are divided by
/// 255 where no scale is given; other numbers are taken as they are.
/// </summary>
public static class DataFiles
{
    /// <summary>Reads samples, and their labels where they are known.</summary>
    /// <param name="data">The file or folder.</param>
    /// <param name="labels">A file of labels (<see cref="LabelFile"/>), or null: CSV, NPZ and folders of classes may bring their own.</param>
    /// <param name="scale">What pixels and the numbers of arrays are multiplied with; null divides pixels by 255. Not for CSV.</param>
    /// <param name="shape">The model's input without the batch axis.</param>
    /// <exception cref="InvalidDataException">A file does not hold such data, or does not fit the model or the other file.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static LabelledSamples Read(string data, string? labels, float? scale, int[] shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        ArgumentNullException.ThrowIfNull(shape);
        LabelledSamples samples = ReadSamples(data, scale, shape);
        int length = shape.Aggregate(1, (a, b) => checked(a * b));
        if (samples.Inputs[0].Length != length)
        {
            throw new InvalidDataException($"The samples of {data} have {samples.Inputs[0].Length} values; the model takes {length}.");
        }

        if (labels is null)
        {
            return samples;
        }

        if (samples.Labels is not null)
        {
            throw new InvalidDataException($"{data} brings its labels; leave --labels out.");
        }

        int[] classes = LabelFile.Read(labels);
        return classes.Length == samples.Count
            ? samples with { Labels = classes }
            : throw new InvalidDataException($"{data} holds {samples.Count} samples and {labels} {classes.Length} labels; they belong to different sets.");
    }

    private static LabelledSamples ReadSamples(string data, float? scale, int[] shape)
    {
        if (Directory.Exists(data))
        {
            return PngFolder.Read(data, shape, scale);
        }

        if (!File.Exists(data))
        {
            throw new FileNotFoundException($"There is no file or folder {data}.", data);
        }

        switch (Path.GetExtension(data).ToUpperInvariant())
        {
            case ".CSV":
                return scale is null ? CsvReader.Read(data) : throw new InvalidDataException($"--scale is for images and arrays; the numbers of {data} are taken as they are.");
            case ".NPY":
                return new LabelledSamples(Rows(NpyReader.Read(data), scale, shape), null);
            case ".NPZ":
                (NpyArray x, NpyArray? y) = NpzReader.Read(data);
                float[][] rows = Rows(x, scale, shape);
                int[]? classes = y is null ? null : LabelFile.Vector(y, data);
                return classes is null || classes.Length == rows.Length
                    ? new LabelledSamples(rows, classes)
                    : throw new InvalidDataException($"{data} holds {rows.Length} samples and {classes.Length} labels.");
            case ".PNG":
                return new LabelledSamples([PngImage.Read(data, ImageLayout.Of(shape), scale)], null);
            default:
                return new LabelledSamples(IdxReader.ReadImages(data, scale), null);
        }
    }

    /// <summary>An array as samples: along its first axis, or as one where it has as many elements as the model takes.</summary>
    private static float[][] Rows(NpyArray array, float? scale, int[] shape)
    {
        float[] values = scale is { } s ? [.. array.Data.Select(v => v * s)] : array.Data;
        int count = array.Data.Length == shape.Aggregate(1, (a, b) => a * b) || array.Shape.Length == 0 ? 1 : array.Shape[0];
        int length = values.Length / count;
        return [.. Enumerable.Range(0, count).Select(i => values[(i * length)..((i + 1) * length)])];
    }
}
