using BlindGrain.Cli.Tests.Running;
using BlindGrain.Clustering.Security;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>Files that change under a process that runs.</summary>
public sealed class TlsIdentitySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("authority");
    private readonly Clock _clock = new();
    private readonly ListLogger<TlsIdentitySource> _logger = new();

    [Fact]
    public void New_files_are_used_once_the_interval_has_passed_and_unusable_ones_never()
    {
        ClusterTlsOptions silo = Issue();
        TlsIdentitySource source = Source(silo);
        string first = source.Current.Certificate.Thumbprint;
        _ = Issue();
        Assert.Equal(first, source.Current.Certificate.Thumbprint);
        _clock.Pass();
        string second = source.Current.Certificate.Thumbprint;
        Assert.NotEqual(first, second);

        // Half a file, another's key, a certificate that is over: what works stays.
        string good = File.ReadAllText(silo.Certificate!), key = File.ReadAllText(silo.Key!);
        AssertKept(() => File.WriteAllText(silo.Certificate!, good[..(good.Length / 2)]), "holds no PEM certificate");
        File.WriteAllText(silo.Certificate!, good);
        _ = Issue("gateway");
        AssertKept(() => File.Copy(_folder.File("gateway.key"), silo.Key!, overwrite: true), "is not the unencrypted PEM private key");
        AssertKept(() => Issue(fault: "expired"), "is out of date");
        AssertKept(() => File.Delete(silo.Key!), "cannot be read");
        Assert.DoesNotContain("PRIVATE KEY", _logger.Text, StringComparison.Ordinal);

        File.WriteAllText(silo.Certificate!, good);
        File.WriteAllText(silo.Key!, key);
        _clock.Pass();
        Assert.Equal(second, source.Current.Certificate.Thumbprint);

        void AssertKept(Action change, string problem)
        {
            change();
            _clock.Pass();
            Assert.Equal(second, source.Current.Certificate.Thumbprint);
            Assert.Contains(problem, _logger.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_authority_changes_by_way_of_a_file_with_both()
    {
        using var next = new TestAuthority("next");
        ClusterTlsOptions silo = Issue();
        TlsIdentitySource source = Source(silo);
        _ = source.Current;
        ClusterTlsOptions gateway = next.IssueOptions(Directory.CreateDirectory(_folder.File("next")).FullName, TlsEnd.Gateway);
        File.WriteAllText(gateway.Authority!, $"{_authority.Pem}\n{next.Pem}");
        Assert.False(await ConnectAsync());
        File.WriteAllText(silo.Authority!, $"{_authority.Pem}\n{next.Pem}");
        _clock.Pass();
        Assert.True(await ConnectAsync());

        async Task<bool> ConnectAsync()
        {
            using Loopback sockets = await Loopback.ConnectAsync();
            Task<TlsEnd> accepts = TlsEnd.RunAsync(sockets.Accepted, source, accepts: true, TlsEnd.Gateway);
            TlsEnd opened = await TlsEnd.RunAsync(sockets.Opened, gateway, accepts: false, TlsEnd.Silo);
            return (await accepts).Received > 0 && opened.Received > 0;
        }
    }

    [Fact]
    public void A_certificate_that_will_soon_be_over_is_warned_of()
    {
        _ = Source(Issue(fault: "soon")).Current;
        Assert.Contains("Warning: Certificate 'CN=any", _logger.Text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private ClusterTlsOptions Issue(string? file = null, string fault = "") => _authority.IssueOptions(_folder.Path, TlsEnd.Silo, fault, file);

    private TlsIdentitySource Source(ClusterTlsOptions options) => new(options, isSilo: true, _clock, _logger);

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass() => _now += TimeSpan.TicksPerMinute;
    }
}
