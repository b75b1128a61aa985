using System.IO.Compression;

namespace BlindGrain.Compiler.Data;

/// <summary>Reads NumPy's .npz format: a ZIP archive of .npy files.</summary>
internal static class NpzReader
{
    private const int MaxEntries = 64;
    private static readonly string[] s_labelNames = ["y", "label", "labels", "class", "classes", "target", "targets", "y_test", "y_train"];

    /// <summary>Samples and, where there are two arrays, labels.</summary>
    /// <exception cref="InvalidDataException">Not such a file, damaged, or with arrays whose roles their names do not tell.</exception>
    public static (NpyArray Samples, NpyArray? Labels) Read(string path)
    {
        using ZipArchive archive = Open(path);
        ZipArchiveEntry[] entries = [.. archive.Entries.Where(e => e.Name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))];
        ZipArchiveEntry[] labels = [.. entries.Where(e => s_labelNames.Contains(NameOf(e), StringComparer.OrdinalIgnoreCase))], samples = [.. entries.Except(labels)];
        if (archive.Entries.Count > MaxEntries || samples.Length != 1 || labels.Length > 1)
        {
            string names = string.Join(", ", entries.Take(8).Select(NameOf));
            throw new InvalidDataException($"{path} holds the arrays '{names}'; one of samples is expected, and at most one named y or labels: numpy.savez(file, x=samples, y=labels).");
        }

        return (Array(samples[0], path), labels.Length == 0 ? null : Array(labels[0], path));
    }

    private static ZipArchive Open(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is no .npz file, or a damaged one: {e.Message}", e);
        }
    }

    /// <summary>The array's own header bounds what is unpacked, not the archive's claims.</summary>
    private static NpyArray Array(ZipArchiveEntry entry, string path)
    {
        string source = $"{path}, array '{NameOf(entry)}'";
        try
        {
            using Stream stream = entry.Open();
            return NpyReader.Read(stream, source);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{source} is damaged: {e.Message}", e);
        }
    }

    private static string NameOf(ZipArchiveEntry entry) => Path.GetFileNameWithoutExtension(entry.Name);
}
