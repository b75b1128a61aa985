using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlindGrain.Clustering.Security;

/// <summary>What the three files held when they were read: this process's certificate with its key and chain, and the trusted authority.</summary>
internal sealed class TlsIdentity
{
    private readonly X509Certificate2Collection _authority;

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection authority, string fingerprint)
    {
        Certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        _authority = authority;
        Fingerprint = fingerprint;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate, its key and its intermediates, as a handshake wants them.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Tells one content of the files from another.</summary>
    public string Fingerprint { get; }

    /// <exception cref="CertificateException">A file cannot be read or does not hold what it should, or certificate and key do not belong together.</exception>
    public static TlsIdentity Load(ClusterTlsOptions options)
    {
        string certificates = Read(nameof(options.Certificate), options.Certificate!);
        string key = Read(nameof(options.Key), options.Key!);
        string roots = Read(nameof(options.Authority), options.Authority!);
        X509Certificate2Collection chain = Import(nameof(options.Certificate), options.Certificate!, certificates);
        X509Certificate2Collection authority = Import(nameof(options.Authority), options.Authority!, roots);
        chain.RemoveAt(0);
        try
        {
            return new TlsIdentity(X509Certificate2.CreateFromPem(certificates, key), chain, authority, FingerprintOf(certificates, key, roots));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException($"{ClusterTlsOptions.Section}:Key, '{options.Key}', is not the unencrypted PEM private key of the certificate '{options.Certificate}'.", e);
        }
    }

    /// <summary>The fingerprint of what the files hold now.</summary>
    public static string ReadFingerprint(ClusterTlsOptions options) => FingerprintOf(
        Read(nameof(options.Certificate), options.Certificate!), Read(nameof(options.Key), options.Key!), Read(nameof(options.Authority), options.Authority!));

    /// <summary>Whether the others will accept this process.</summary>
    /// <exception cref="CertificateException">They will not.</exception>
    public void CheckSelf(string name)
    {
        foreach (string usage in new[] { TlsUsage.Client, TlsUsage.Server })
        {
            using var chain = new X509Chain { ChainPolicy = Policy(usage) };
            foreach (X509Certificate2 intermediate in Context.IntermediateCertificates)
            {
                _ = chain.ChainPolicy.ExtraStore.Add(intermediate);
            }

            _ = chain.Build(Certificate);
            if (Judgement.Of(Certificate, chain, name) is { Verdict: not Verdict.Trusted } judgement)
            {
                throw new CertificateException($"{ClusterTlsOptions.Section}:Certificate would be refused by the cluster's other processes: {judgement.Problem}");
            }
        }
    }

    /// <summary>How the other side's chain is to be built: only under this authority, and nothing is fetched over the network for it.</summary>
    /// <param name="usage">The extended key usage that the certificate must allow (<see cref="TlsUsage"/>).</param>
    public X509ChainPolicy Policy(string usage)
    {
        // A cluster's own authority publishes no revocation lists: short lives and rotation take their place.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authority);
        _ = policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private static string FingerprintOf(params string[] files) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', files))));

    private static string Read(string setting, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{ClusterTlsOptions.Section}:{setting} cannot be read: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Import(string setting, string path, string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException($"{ClusterTlsOptions.Section}:{setting}, '{path}', holds a damaged certificate.", e);
        }

        return certificates.Count > 0 ? certificates : throw new CertificateException($"{ClusterTlsOptions.Section}:{setting}, '{path}', holds no PEM certificate.");
    }
}
