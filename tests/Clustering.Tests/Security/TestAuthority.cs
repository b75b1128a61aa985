using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlindGrain.Clustering.Security;
using Microsoft.Extensions.Configuration;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>An authority made for one test, which writes certificates as an operator's tool does: PEM files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>Writes NAME.crt and NAME.key for a DNS name, and this authority's certificate to ca.crt; the settings that name them.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="dnsName">The name of the role.</param>
    /// <param name="fault">"expired", "future", "soon" (over in half an hour), "serverOnly", "clientOnly"; all else is none.</param>
    /// <param name="file">The files' name; the DNS name where null.</param>
    public string[] Issue(string folder, string dnsName, string fault = "", string? file = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=any, OU={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        OidCollection usages = [];
        if (fault != "clientOnly")
        {
            _ = usages.Add(new Oid(TlsUsage.Server));
        }

        if (fault != "serverOnly")
        {
            _ = usages.Add(new Oid(TlsUsage.Client));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        (double from, double to) = fault switch { "expired" => (-1.0, -0.1), "future" => (0.1, 1.0), "soon" => (-1.0, 0.02), _ => (-1.0, 1.0) };
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.Create(_root, now.AddDays(from), now.AddDays(to), RandomNumberGenerator.GetBytes(8));
        string path = Path.Combine(folder, file ?? dnsName);
        File.WriteAllText($"{path}.crt", certificate.ExportCertificatePem());
        File.WriteAllText($"{path}.key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.crt"), Pem);
        return [$"--Cluster:Tls:Certificate={path}.crt", $"--Cluster:Tls:Key={path}.key", $"--Cluster:Tls:Authority={Path.Combine(folder, "ca.crt")}"];
    }

    /// <summary>The same as options.</summary>
    public ClusterTlsOptions IssueOptions(string folder, string dnsName, string fault = "", string? file = null)
    {
        var options = new ClusterTlsOptions();
        new ConfigurationBuilder().AddCommandLine(Issue(folder, dnsName, fault, file)).Build().GetSection(ClusterTlsOptions.Section).Bind(options);
        return options;
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
