using System.Text.Json;
using System.Text.Json.Serialization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace BlindGrain.Deploy.Tests.Docker;

/// <summary>deploy/docker/compose.yaml, with its merges resolved, read strictly into the parts of the Compose specification that are used.</summary>
internal sealed class Compose
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public required string Name { get; set; }

    public required Dictionary<string, ComposeService> Services { get; set; }

    public required Dictionary<string, JsonElement> Networks { get; set; }

    public required Dictionary<string, JsonElement> Volumes { get; set; }

    public required Dictionary<string, ComposeSecret> Secrets { get; set; }

    public static Compose Read()
    {
        using var reader = new StringReader(Repository.Read("deploy", "docker", "compose.yaml"));
        var tree = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
        foreach (object extension in tree.Keys.Where(k => ((string)k).StartsWith("x-", StringComparison.Ordinal)).ToArray())
        {
            _ = tree.Remove(extension);
        }

        return JsonSerializer.Deserialize<Compose>(new SerializerBuilder().JsonCompatible().Build().Serialize(tree), s_json)!;
    }
}

internal sealed class ComposeService
{
    public required string Image { get; set; }

    public ComposeBuild? Build { get; set; }

    public required string User { get; set; }

    public bool ReadOnly { get; set; }

    public List<string> Tmpfs { get; set; } = [];

    public List<string> CapDrop { get; set; } = [];

    public List<string> SecurityOpt { get; set; } = [];

    public required string Restart { get; set; }

    public Dictionary<string, ComposeDependency> DependsOn { get; set; } = [];

    public List<string> Volumes { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public List<string> Secrets { get; set; } = [];

    public required ComposeHealthcheck Healthcheck { get; set; }

    public string? StopGracePeriod { get; set; }

    public string? MemLimit { get; set; }

    public List<string> Ports { get; set; } = [];

    public List<string>? Command { get; set; }

    public Dictionary<string, ComposeNetwork> Networks { get; set; } = [];
}

internal sealed record ComposeBuild(string Context, string Dockerfile, string Target);

internal sealed record ComposeDependency(string Condition);

internal sealed record ComposeHealthcheck(List<string> Test, string Interval, string Timeout, int Retries, string? StartPeriod);

internal sealed record ComposeNetwork(string? Ipv4Address);

internal sealed record ComposeSecret(string File);
