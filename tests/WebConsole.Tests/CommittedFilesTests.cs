using System.Diagnostics;
using BlindGrain.Tests;

namespace BlindGrain.WebConsole.Tests;

/// <summary>The committed console is what its sources give.</summary>
public sealed class CommittedFilesTests
{
    private const int CannotBuild = 3;

    [Fact]
    public async Task The_committed_files_are_what_the_sources_give()
    {
        var start = new ProcessStartInfo(Path.Combine(SharedData.RepositoryRoot, "src", "Console", "build"), ["--check"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process build = Process.Start(start)!;
        Task<string> output = build.StandardOutput.ReadToEndAsync(), error = build.StandardError.ReadToEndAsync();
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = await output + await error;
        Assert.SkipWhen(build.ExitCode == CannotBuild, said);
        Assert.True(build.ExitCode == 0, said);
    }
}
