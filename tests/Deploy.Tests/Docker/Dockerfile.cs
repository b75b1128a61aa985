using System.Text.RegularExpressions;

namespace BlindGrain.Deploy.Tests.Docker;

/// <summary>deploy/docker/Dockerfile, in stages of instructions.</summary>
internal sealed partial class Dockerfile
{
    private readonly Dictionary<string, (string Base, List<(string Name, string Arguments)> Instructions)> _stages = new(StringComparer.Ordinal);

    private Dockerfile(string text)
    {
        string logical = Continuation().Replace(Comment().Replace(text, ""), " ");
        List<(string, string)> instructions = [];
        foreach (Match line in Instruction().Matches(logical))
        {
            (string name, string arguments) = (line.Groups["name"].Value, line.Groups["arguments"].Value.Trim());
            if (name == "FROM")
            {
                Match from = From().Match(arguments);
                Assert.True(from.Success, $"FROM {arguments}");
                instructions = [];
                _stages.Add(from.Groups["stage"].Value, (from.Groups["image"].Value, instructions));
            }

            instructions.Add((name, arguments));
        }
    }

    public IEnumerable<string> Stages => _stages.Keys;

    public static Dockerfile Read() => new(Repository.Read("deploy", "docker", "Dockerfile"));

    /// <summary>The image or stage that a stage begins with.</summary>
    public string BaseOf(string stage) => _stages[stage].Base;

    /// <summary>A stage's instructions after those of the stages that it begins with.</summary>
    public IEnumerable<(string Name, string Arguments)> Of(string stage) => _stages.TryGetValue(stage, out var found) ? Of(found.Base).Concat(found.Instructions) : [];

    public Dictionary<string, string> Environment(string stage)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match variable in Of(stage).Where(i => i.Name == "ENV").SelectMany(i => Variable().Matches(i.Arguments)))
        {
            environment[variable.Groups["name"].Value] = variable.Groups["value"].Value.Trim('"');
        }

        return environment;
    }

    public string[] Ports(string stage) => [.. Of(stage).Where(i => i.Name == "EXPOSE").SelectMany(i => i.Arguments.Split(' '))];

    [GeneratedRegex(@"^\s*#.*\n?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^(?<name>[A-Z]+) (?<arguments>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"^(--platform=\S+ )?(?<image>\S+) AS (?<stage>\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex From();

    [GeneratedRegex(@"(?<name>\w+)=(?<value>""[^""]*""|\S*)", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
