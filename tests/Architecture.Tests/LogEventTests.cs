using System.Text.RegularExpressions;
using BlindGrain.Tests;

namespace BlindGrain.Architecture.Tests;

/// <summary>The number of a log message is what alerts and searches go by: it stands for one message in the whole system.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void No_two_messages_have_the_same_number()
    {
        (string Id, string File)[] messages =
        [
            .. from file in Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
               where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
               from Match match in Message().Matches(File.ReadAllText(file))
               select (match.Groups[1].Value, Path.GetFileName(file)),
        ];
        Assert.True(messages.Length > 40);
        Assert.Empty(messages.GroupBy(m => m.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.File))}"));
    }

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex Message();
}
