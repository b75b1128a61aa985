using System.Net.Security;
using System.Net.Sockets;
using BlindGrain.Cli.Tests.Running;
using BlindGrain.Clustering.Security;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>Both ends of a connection in one process, over real sockets: what passes, and what each side's log says where nothing does.</summary>
public sealed class TlsMiddlewareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("authority");
    private readonly TestAuthority _stranger = new("stranger");

    [Fact]
    public async Task Bytes_pass_both_ways_and_none_in_the_clear()
    {
        using Loopback sockets = await Loopback.ConnectAsync();
        (TlsEnd accepting, TlsEnd opening) = await ConnectAsync(sockets, Options(TlsEnd.Silo), Options(TlsEnd.Gateway));
        Assert.Equal((TlsEnd.Message.Length, TlsEnd.Message.Length), (accepting.Received, opening.Received));
        Assert.Equal(("", ""), (accepting.Log, opening.Log));
        Assert.True(sockets.Wire.Length > TlsEnd.Message.Length);
        Assert.Equal(-1, sockets.Wire.AsSpan().IndexOf(TlsEnd.Message.AsSpan(0, 64)));
    }

    [Theory]
    [InlineData("stranger", "does not stand under the authority", "it does not stand under its authority")]
    [InlineData("expired", "is out of date", "it is out of date")]
    [InlineData("future", "is out of date", "it is out of date")]
    [InlineData("serverOnly", "may not be used on this side of a connection", "it lacks the extended key usage clientAuth")]
    [InlineData("role", "does not carry the DNS name 'blindgrain-gateway'", "it carries another role's name")]
    public async Task Who_opens_a_connection_must_be_trusted_and_both_logs_say_why_not(string fault, string here, string there)
    {
        using Loopback sockets = await Loopback.ConnectAsync();
        (TlsEnd accepting, TlsEnd opening) = await ConnectAsync(sockets, Options(TlsEnd.Silo), Options(fault == "role" ? TlsEnd.Silo : TlsEnd.Gateway, fault));
        Assert.Contains($"Not trusted here: certificate 'CN=any", accepting.Log, StringComparison.Ordinal);
        Assert.Contains(here, accepting.Log, StringComparison.Ordinal);
        Assert.Contains("The other side refuses certificate 'CN=any", opening.Log, StringComparison.Ordinal);
        Assert.Contains(there, opening.Log, StringComparison.Ordinal);
        Assert.Equal((0, 0), (accepting.Received, opening.Received));
    }

    [Theory]
    [InlineData("stranger", "it does not stand under its authority", "does not stand under the authority")]
    [InlineData("expired", "it is out of date", "is out of date")]
    [InlineData("clientOnly", "it lacks the extended key usage clientAuth or serverAuth", "may not be used on this side of a connection")]
    [InlineData("role", "it carries another role's name", "does not carry the DNS name 'blindgrain-silo'")]
    public async Task Who_accepts_one_must_be_trusted_too(string fault, string there, string here)
    {
        using Loopback sockets = await Loopback.ConnectAsync();
        (TlsEnd accepting, TlsEnd opening) = await ConnectAsync(sockets, Options(fault == "role" ? TlsEnd.Gateway : TlsEnd.Silo, fault), Options(TlsEnd.Gateway));
        Assert.Contains(there, accepting.Log, StringComparison.Ordinal);
        Assert.Contains(here, opening.Log, StringComparison.Ordinal);
        Assert.Equal((0, 0), (accepting.Received, opening.Received));
    }

    [Fact]
    public async Task Without_a_certificate_only_the_verdict_comes_back()
    {
        using Loopback sockets = await Loopback.ConnectAsync();
        Task<TlsEnd> accepting = TlsEnd.RunAsync(sockets.Accepted, Options(TlsEnd.Silo), accepts: true, TlsEnd.Gateway);
        await using var client = new SslStream(new NetworkStream(sockets.Opened));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = TlsEnd.Silo, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null });
        Assert.Equal((byte)Verdict.Missing, client.ReadByte());
        await client.WriteAsync(new[] { (byte)Verdict.Trusted });
        Assert.Equal(-1, client.ReadByte());
        Assert.Contains("no certificate was shown", (await accepting).Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_side_without_tls_is_told_apart()
    {
        using Loopback sockets = await Loopback.ConnectAsync();
        Task<TlsEnd> accepting = TlsEnd.RunAsync(sockets.Accepted, Options(TlsEnd.Silo), accepts: true, TlsEnd.Gateway);
        _ = await sockets.Opened.SendAsync(new byte[64]);
        Assert.Contains("Does the other side use Cluster:Tls too?", (await accepting).Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_never_resumed()
    {
        // Who was trusted a minute ago is judged anew: the second connection shows the certificate of today.
        ClusterTlsOptions silo = Options(TlsEnd.Silo);
        foreach (string fault in new[] { "", "expired" })
        {
            using Loopback sockets = await Loopback.ConnectAsync();
            (TlsEnd accepting, _) = await ConnectAsync(sockets, silo, Options(TlsEnd.Gateway, fault));
            Assert.Equal(fault.Length == 0, accepting.Received > 0);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Dispose();
    }

    /// <summary>The files of a process that trusts our authority, with one fault.</summary>
    private ClusterTlsOptions Options(string name, string fault = "")
    {
        string folder = Directory.CreateDirectory(_folder.File($"{name}{fault}")).FullName;
        ClusterTlsOptions options = (fault == "stranger" ? _stranger : _authority).IssueOptions(folder, name, fault);
        File.WriteAllText(options.Authority!, _authority.Pem);
        return options;
    }

    /// <summary>Connects a silo's port for gateways with a process that opens the connection and expects a silo.</summary>
    private static async Task<(TlsEnd Accepting, TlsEnd Opening)> ConnectAsync(Loopback sockets, ClusterTlsOptions accepting, ClusterTlsOptions opening)
    {
        Task<TlsEnd> accepts = TlsEnd.RunAsync(sockets.Accepted, accepting, accepts: true, TlsEnd.Gateway);
        Task<TlsEnd> opens = TlsEnd.RunAsync(sockets.Opened, opening, accepts: false, TlsEnd.Silo);
        return (await accepts, await opens);
    }
}
