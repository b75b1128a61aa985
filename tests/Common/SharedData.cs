namespace BlindGrain.Tests;

/// <summary>
/// Finds third-party data and models that the project does not carry: under BLINDGRAIN_DATA, else in a folder "shared" beside
/// the repository. Each holds data/ and models/ (BLINDGRAIN_DATA may also be the data folder itself).
/// </summary>
internal static class SharedData
{
    /// <summary>The repository's root folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The full path of a file such as "data/mnist/t10k-images-idx3-ubyte.gz"; skips the test where it is not there.</summary>
    public static string FileOrSkip(string relative)
    {
        string? found = Candidates(relative).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Skip($"{relative} is neither under BLINDGRAIN_DATA nor in ../shared.");
        }

        return found;
    }

    private static IEnumerable<string> Candidates(string relative)
    {
        if (Environment.GetEnvironmentVariable("BLINDGRAIN_DATA") is { Length: > 0 } data)
        {
            yield return Path.Combine(data, relative);
            if (relative.StartsWith("data/", StringComparison.Ordinal))
            {
                yield return Path.Combine(data, relative["data/".Length..]);
            }
        }

        yield return Path.Combine(RepositoryRoot, "..", "shared", relative);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "BlindGrain.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
