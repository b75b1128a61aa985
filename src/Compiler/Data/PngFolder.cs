using System.Globalization;

namespace BlindGrain.Compiler.Data;

/// <summary>
/// Reads a folder of PNG images in the order of their names. Folders inside it are classes: numbered by their names where all of those are numbers, else in their order.
/// </summary>
internal static class PngFolder
{
    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shape">The model's input without the batch axis.</param>
    /// <param name="scale">What a byte is multiplied with; null divides it by 255.</param>
    /// <exception cref="InvalidDataException">There are no images, images both in the folder and in folders of classes, too many, or one that does not fit.</exception>
    public static LabelledSamples Read(string folder, int[] shape, float? scale)
    {
        var layout = ImageLayout.Of(shape);
        string[] direct = Images(folder), classes = [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)];
        (string Path, int Class)[] files = direct.Length > 0
            ? [.. direct.Select(f => (f, 0))]
            : [.. classes.Zip(Numbers(classes)).SelectMany(c => Images(c.First).Select(f => (f, c.Second)))];
        if (direct.Length > 0 && classes.Any(c => Images(c).Length > 0))
        {
            throw new InvalidDataException($"{folder} holds PNG images itself and in folders; put all of them into folders of classes, or none.");
        }

        if (files.Length == 0)
        {
            throw new InvalidDataException($"{folder} holds no PNG images (*.png), nor do the folders in it.");
        }

        long total = files.LongLength * shape.Aggregate(1L, (a, b) => a * b);
        return files.Length <= DataLimits.MaxFiles && total <= DataLimits.MaxElements
            ? new LabelledSamples([.. files.Select(f => PngImage.Read(f.Path, layout, scale))], direct.Length > 0 ? null : [.. files.Select(f => f.Class)])
            : throw new InvalidDataException($"{folder} holds {files.Length} images with {total} values in all; at most {DataLimits.MaxFiles} and {DataLimits.MaxElements} are read.");
    }

    private static string[] Images(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.png", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }).Take(DataLimits.MaxFiles + 1).Order(StringComparer.Ordinal)];

    private static int[] Numbers(string[] classes)
    {
        int[] numbers = [.. classes.Select(c => int.TryParse(Path.GetFileName(c), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return Array.TrueForAll(numbers, n => n >= 0) ? numbers : [.. Enumerable.Range(0, classes.Length)];
    }
}
