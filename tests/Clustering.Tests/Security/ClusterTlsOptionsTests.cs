using System.Diagnostics;
using BlindGrain.Cli.Tests.Running;
using BlindGrain.Clustering.Security;
using BlindGrain.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BlindGrain.Clustering.Tests.Security;

public sealed class ClusterTlsOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("authority");

    [Fact]
    public void Nothing_configured_is_no_tls() => Assert.False(TlsHosting.Read(Configuration([]), isSilo: true).Enabled);

    [Fact]
    public void Good_files_are_taken_for_their_role_only()
    {
        string[] silo = _authority.Issue(_folder.Path, "blindgrain-silo"), gateway = _authority.Issue(_folder.Path, "blindgrain-gateway");
        Assert.True(TlsHosting.Read(Configuration(silo), isSilo: true).Enabled);
        Assert.True(TlsHosting.Read(Configuration(gateway), isSilo: false).Enabled);
        Fails("does not carry the DNS name 'blindgrain-silo'", gateway);
        Assert.True(TlsHosting.Read(Configuration([.. gateway, "--Cluster:Tls:SiloName=blindgrain-gateway", "--Cluster:Tls:GatewayName=x"]), isSilo: true).Enabled);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        string[] good = _authority.Issue(_folder.Path, "blindgrain-silo");
        Fails("Cluster:Tls:Key is empty; mutual TLS needs Certificate, Key and Authority.", good[0], good[2]);
        Fails("Cluster:Tls:Authority is '/no/such/file'; there is no such file.", good[0], good[1], "--Cluster:Tls:Authority=/no/such/file");
        Fails("are both 'x'; silos could not be told from gateways", [.. good, "--Cluster:Tls:SiloName=x", "--Cluster:Tls:GatewayName=x"]);
        Fails("Cluster:Tls:ReloadInterval is 02:00:00; take 00:00:01 to 01:00:00", [.. good, "--Cluster:Tls:ReloadInterval=02:00:00"]);
        Fails("Cluster:Tls:SiloName is 'a b'; take a DNS name", [.. good, "--Cluster:Tls:SiloName=a b"]);
    }

    [Fact]
    public void Files_that_cannot_work_are_named()
    {
        string[] good = _authority.Issue(_folder.Path, "blindgrain-silo");
        Fails("Cluster:Tls:Key, ", good[0], $"--Cluster:Tls:Key={_folder.File("ca.crt")}", good[2]);
        string[] other = _authority.Issue(_folder.Path, "blindgrain-silo", file: "other");
        Fails("is not the unencrypted PEM private key of the certificate", good[0], other[1], good[2]);
        File.WriteAllText(_folder.File("empty"), "nothing");
        Fails("holds no PEM certificate", good[0], good[1], $"--Cluster:Tls:Authority={_folder.File("empty")}");
        Fails("is out of date", _authority.Issue(_folder.Path, "blindgrain-silo", "expired", "late"));
        Fails("may not be used on this side of a connection", _authority.Issue(_folder.Path, "blindgrain-silo", "serverOnly", "server"));
        using var stranger = new TestAuthority("stranger");
        string[] strange = stranger.Issue(Directory.CreateDirectory(_folder.File("strange")).FullName, "blindgrain-silo");
        Fails("does not stand under the authority", strange[0], strange[1], good[2]);
    }

    [Fact]
    public async Task The_how_tos_commands_make_files_that_work()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "docs", "how-to", "production-cluster.md"));
        string commands = text.Split("```").Single(block => block.Contains("openssl", StringComparison.Ordinal) && block[0] == '\n');
        ProcessStartInfo start = new("bash", ["-ec", commands]) { WorkingDirectory = _folder.Path, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == 127, "OpenSSL is not installed: install Debian's package openssl.");
        Assert.True(process.ExitCode == 0, error);
        foreach ((string role, bool isSilo) in new[] { ("silo", true), ("gateway", false) })
        {
            Assert.True(TlsHosting.Read(
                Configuration([$"--Cluster:Tls:Certificate={_folder.File($"{role}.crt")}", $"--Cluster:Tls:Key={_folder.File($"{role}.key")}", $"--Cluster:Tls:Authority={_folder.File("ca.crt")}"]),
                isSilo).Enabled);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private static void Fails(string message, params string[] settings)
    {
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => TlsHosting.Read(Configuration(settings), isSilo: true));
        Assert.Contains(message, string.Join('\n', e.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", e.ToString(), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(string[] settings) => new ConfigurationBuilder().AddCommandLine(settings).Build();
}
