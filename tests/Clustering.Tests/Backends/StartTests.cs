using BlindGrain.Cli.Tests.Running;
using BlindGrain.Clustering.Backends;
using BlindGrain.Clustering.Tests.Running;
using Npgsql;

namespace BlindGrain.Clustering.Tests.Backends;

/// <summary>What a process says, and how it ends, where its backend cannot be used.</summary>
[Trait("Category", "Cluster")]
public sealed class StartTests
{
    [Theory]
    [InlineData("Silo", "Redis", "Redis at 127.0.0.1:1 cannot be used")]
    [InlineData("Silo", "PostgreSql", "PostgreSQL at 127.0.0.1:1, database 'd', user 'u' cannot be reached")]
    [InlineData("Gateway", "Redis", "Redis at 127.0.0.1:1 cannot be used")]
    [InlineData("Gateway", "PostgreSql", "PostgreSQL at 127.0.0.1:1, database 'd', user 'u' cannot be reached")]
    public async Task A_server_that_is_not_there_ends_the_start_and_says_what_to_check(string program, string backend, string message)
    {
        string connection = backend == "Redis" ? $"127.0.0.1:1,password={BackendProcess.Password}" : $"Host=127.0.0.1;Port=1;Database=d;Username=u;Password={BackendProcess.Password}";
        (int code, string said) = await RunAsync(program, $"--Cluster:Backend={backend}", $"--Cluster:ConnectionString={connection}", "--Cluster:StartTimeout=00:00:00");
        Assert.Equal(3, code);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Contains("Check that the server runs", said, StringComparison.Ordinal);
        Assert.DoesNotContain(BackendProcess.Password, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_cannot_work_ends_the_start_with_2()
    {
        (int code, string said) = await RunAsync("Silo", "--Cluster:Backend=Zookeeper");
        Assert.Equal(2, code);
        Assert.Equal("Cluster:Backend is 'Zookeeper'; take Development, Redis, PostgreSql.", said.Trim());
    }

    [Fact]
    public async Task Redis_refuses_a_wrong_password_and_the_start_says_so()
    {
        await using BackendProcess server = await BackendProcess.StartAsync("Redis");
        (int code, string said) = await RunAsync("Silo", "--Cluster:Backend=Redis", $"--Cluster:ConnectionString=127.0.0.1:{server.Port},password=wrong-secret", "--Cluster:StartTimeout=00:00:00");
        Assert.Equal(3, code);
        Assert.Contains("password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tables_are_made_once_by_a_user_that_may_and_only_where_that_is_wanted()
    {
        await using BackendProcess server = await BackendProcess.StartAsync("PostgreSql");
        string[] settings = [.. server.Settings, "--Cluster:StartTimeout=00:00:00", "--Cluster:Schema=grains"];
        (int code, string said) = await RunAsync("Silo", [.. settings, "--Cluster:Migrate=false"]);
        Assert.Equal(3, code);
        Assert.Contains("run one with --migrate", said, StringComparison.Ordinal);
        for (int i = 0; i < 2; i++)
        {
            (code, said) = await RunAsync("Silo", ["--migrate", .. settings]);
            Assert.Equal(0, code);
            Assert.Contains("schema 'grains' has the tables of version 1", said, StringComparison.Ordinal);
        }

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using (NpgsqlCommand count = source.CreateCommand("SELECT count(*) FROM grains.orleansquery"))
        {
            Assert.Equal((long)PostgreSqlQueries.All.Count, await count.ExecuteScalarAsync());
        }

        (code, said) = await RunAsync("Silo", [.. settings, $"--Cluster:ConnectionString={server.ConnectionString.Replace(BackendProcess.Password, "wrong-secret", StringComparison.Ordinal)}"]);
        Assert.Equal(3, code);
        Assert.Contains("28P01 password authentication failed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", said, StringComparison.Ordinal);

        await using (NpgsqlCommand newer = source.CreateCommand("UPDATE grains.schema_version SET version = 1000"))
        {
            _ = await newer.ExecuteNonQueryAsync();
        }

        (code, said) = await RunAsync("Silo", settings);
        Assert.Equal(3, code);
        Assert.Contains("made by a newer BlindGrain", said, StringComparison.Ordinal);
    }

    /// <summary>Runs a program that is to end by itself; everything it said.</summary>
    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using System.Diagnostics.Process process = Programs.Start(program, $"BlindGrain.{program}", [
            .. arguments, $"--Storage:Folder={folder.Path}", $"--Silo:SiloPort={Programs.FreePort()}", $"--Silo:GatewayPort={Programs.FreePort()}",
            "--urls", $"http://127.0.0.1:{Programs.FreePort()}", "--Gateway:ApiKeys:0:Tenant=t", $"--Gateway:ApiKeys:0:Sha256={new string('0', 64)}"]);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        return (process.ExitCode, await output + await error);
    }
}
