using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Clustering.Security;

/// <summary>
/// The identity for the next connection. Files are read again when a connection is made and the last look at them is older than
/// <see cref="ClusterTlsOptions.ReloadInterval"/>: by content, since mounted secrets change behind links. What cannot be used, or is half
/// written, is reported and the identity before stays.
/// </summary>
internal sealed class TlsIdentitySource(ClusterTlsOptions options, bool isSilo, TimeProvider time, ILogger<TlsIdentitySource> logger)
{
    private readonly Lock _lock = new();
    private TlsIdentity? _identity;
    private long _looked;

    /// <exception cref="CertificateException">The files cannot be used, and never could.</exception>
    public TlsIdentity Current
    {
        get
        {
            lock (_lock)
            {
                if (_identity is null)
                {
                    _identity = TlsIdentity.Load(options);
                    _looked = time.GetTimestamp();
                    Tell(_identity);
                }
                else if (time.GetElapsedTime(_looked) >= options.ReloadInterval)
                {
                    _looked = time.GetTimestamp();
                    _identity = Reload(_identity);
                }

                return _identity;
            }
        }
    }

    private TlsIdentity Reload(TlsIdentity before)
    {
        try
        {
            if (TlsIdentity.ReadFingerprint(options) == before.Fingerprint)
            {
                WarnOfTheEnd(before.Certificate);
                return before;
            }

            var read = TlsIdentity.Load(options);
            read.CheckSelf(isSilo ? options.SiloName : options.GatewayName);
            Tell(read);
            return read;
        }
        catch (CertificateException e)
        {
            ClusteringLog.CertificateNotReloaded(logger, e.Message);
            return before;
        }
    }

    private void Tell(TlsIdentity identity)
    {
        X509Certificate2 certificate = identity.Certificate;
        ClusteringLog.CertificateLoaded(logger, certificate.Subject, certificate.Thumbprint, certificate.NotAfter.ToUniversalTime());
        WarnOfTheEnd(certificate);
    }

    /// <summary>A certificate that was not replaced stops new connections only, so that nobody would notice before a process is started anew.</summary>
    private void WarnOfTheEnd(X509Certificate2 certificate)
    {
        TimeSpan left = certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
        if (left < (certificate.NotAfter - certificate.NotBefore) / 10)
        {
            ClusteringLog.CertificateEnds(logger, certificate.Subject, certificate.NotAfter.ToUniversalTime(), options.Certificate!);
        }
    }
}
