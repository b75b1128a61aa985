namespace BlindGrain.Compiler.Tests.Data;

/// <summary>A folder of a test's own, deleted with it.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("blindgrain-data-").FullName;

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_path, name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Folder(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
