namespace BlindGrain.Storage.Tests;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("blindgrain-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
