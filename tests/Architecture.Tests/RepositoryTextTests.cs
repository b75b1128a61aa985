using System.Diagnostics;
using System.Text.RegularExpressions;
using BlindGrain.Tests;

namespace BlindGrain.Architecture.Tests;

/// <summary>What is committed reads the same on every machine.</summary>
public sealed partial class RepositoryTextTests
{
    private static readonly string[] s_text = [".cs", ".md", ".csproj", ".props", ".slnx", ".json", ".yml", ".yaml", ".sh", ".txt", ".csv", ".proto", ".http", ""];

    [Fact]
    public void No_committed_text_names_a_path_of_somebodys_machine()
    {
        string[] files = TrackedFiles();
        Assert.Contains("README.md", files);
        var found = new List<string>();
        foreach (string file in files.Where(f => s_text.Contains(Path.GetExtension(f))))
        {
            int number = 0;
            foreach (string line in File.ReadLines(Path.Combine(SharedData.RepositoryRoot, file)))
            {
                number++;
                if (MachinePath().IsMatch(line))
                {
                    found.Add($"{file}:{number}: {line.Trim()}");
                }
            }
        }

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("/ho" + "me/someone/file")]
    [InlineData("see /Us" + "ers/me")]
    [InlineData(@"C:\Us" + @"ers\me")]
    [InlineData("in /wo" + "rk/main")]
    [InlineData("(/ro" + "ot/.nuget)")]
    public void Such_paths_are_recognised(string line) => Assert.Matches(MachinePath(), line);

    [Theory]
    [InlineData("https://example.org/home/page")]
    [InlineData("src/work/file.cs")]
    public void Other_text_is_left_alone(string line) => Assert.DoesNotMatch(MachinePath(), line);

    /// <summary>An absolute path below a home or a workplace: not part of an address or of a relative path.</summary>
    [GeneratedRegex(@"(?<![\w./$}~-])/(home|Users|work|root)/[\w.]|[A-Za-z]:\\Users\\", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    private static string[] TrackedFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files"]) { WorkingDirectory = SharedData.RepositoryRoot, RedirectStandardOutput = true };
        Process? git = null;
        try
        {
            git = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("git is not installed, so what is committed cannot be told.");
        }

        using (git)
        {
            string[] files = git!.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            if (git.ExitCode != 0)
            {
                Assert.Skip("This is no git checkout, so what is committed cannot be told.");
            }

            return [.. files.Where(f => File.Exists(Path.Combine(SharedData.RepositoryRoot, f)))];
        }
    }
}
