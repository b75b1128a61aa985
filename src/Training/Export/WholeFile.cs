namespace BlindGrain.Training.Export;

/// <summary>Writes a file whole or not at all: into a temporary file beside it, which then takes its place.</summary>
internal static class WholeFile
{
    /// <summary>Writes <paramref name="bytes"/> to <paramref name="path"/>, making its folder if need be.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, byte[] bytes)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = full + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
