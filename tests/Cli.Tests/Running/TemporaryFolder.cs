namespace BlindGrain.Cli.Tests.Running;

/// <summary>A folder of one test, deleted at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("blindgrain-cli-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The names of the files in the folder.</summary>
    public string[] Files => [.. Directory.EnumerateFileSystemEntries(Path).Select(f => System.IO.Path.GetFileName(f)).Order()];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
