using System.Diagnostics;

namespace BlindGrain.Clustering.Tests.Running;

/// <summary>Redis as production runs it: with a password and an append-only file.</summary>
internal sealed class RedisProcess : BackendProcess
{
    private string _program = "";

    public override string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    public override string[] Settings => ["--Cluster:Backend=Redis", $"--Cluster:ConnectionString={ConnectionString}"];

    protected override Task PrepareAsync()
    {
        _program = Find("redis-server") ?? "";
        Assert.SkipWhen(_program.Length == 0, "Redis is not installed: install Debian's package redis-server.");
        return Task.CompletedTask;
    }

    protected override ProcessStartInfo StartInfo() => new(
        _program,
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder.Path, "--appendonly", "yes", "--save", "", "--requirepass", Password]);
}
