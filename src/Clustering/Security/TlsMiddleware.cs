using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Clustering.Security;

/// <summary>
/// Puts TLS 1.3 with certificates on both sides between a socket and Orleans. Nothing of Orleans is read or written before both have
/// verified the other: chain to the authority, dates, usage, and the name of its role.
/// </summary>
/// <param name="identities">This process's certificates.</param>
/// <param name="accepts">Whether this side accepted the connection; otherwise it opened it.</param>
/// <param name="peer">The DNS name that the other side's certificate must carry.</param>
/// <param name="logger">Told of every connection that fails.</param>
internal sealed class TlsMiddleware(TlsIdentitySource identities, bool accepts, string peer, ILogger<TlsMiddleware> logger)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // Both sizes are a TLS record's.
    private static readonly StreamPipeReaderOptions s_reading = new(bufferSize: 16 << 10, leaveOpen: true);
    private static readonly StreamPipeWriterOptions s_writing = new(minimumBufferSize: 16 << 10, leaveOpen: true);

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        IDuplexPipe plain = context.Transport;
        var tls = new SslStream(new DuplexStream(plain));
        await using (tls.ConfigureAwait(false))
        {
            try
            {
                using var patience = new CancellationTokenSource(s_patience);
                await AuthenticateAsync(tls, patience.Token);
            }
            catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or CertificateException)
            {
                string problem = Explain(e);
                ClusteringLog.ConnectionRefused(logger, context.RemoteEndPoint?.ToString() ?? "an unknown address", problem);
                var aborted = new ConnectionAbortedException(problem, e);
                context.Abort(aborted);
                throw aborted;
            }

            var input = PipeReader.Create(tls, s_reading);
            var output = PipeWriter.Create(tls, s_writing);
            context.Transport = new Pipes(input, output);
            try
            {
                await next(context);
            }
            finally
            {
                await input.CompleteAsync();
                await output.CompleteAsync();
                context.Transport = plain;
            }
        }
    }

    /// <exception cref="CertificateException">One side does not trust the other.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "The certificate is judged in the callback; the connection ends after the handshake where the judgement is bad, so that the other side can be told why.")]
    private async Task AuthenticateAsync(SslStream tls, CancellationToken cancellation)
    {
        TlsIdentity identity = identities.Current;
        Judgement judgement = Judgement.Of(null, null, peer);
        await (accepts ? tls.AuthenticateAsServerAsync(ServerOptions(identity, Judge), cancellation) : tls.AuthenticateAsClientAsync(ClientOptions(identity, Judge), cancellation));
        Verdict? verdict = await ExchangeAsync(tls, judgement.Verdict, cancellation);
        if (judgement.Verdict != Verdict.Trusted)
        {
            throw new CertificateException($"Not trusted here: {judgement.Problem}");
        }

        if (verdict != Verdict.Trusted)
        {
            throw new CertificateException(Judgement.Explain(verdict, identity.Certificate.Subject));
        }

        // Lets the handshake end whatever it finds, so that the verdict can be told; until then no byte has gone to Orleans, and none will where it is bad.
        bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            judgement = Judgement.Of(certificate as X509Certificate2, chain, peer);
            return true;
        }
    }

    private static SslServerAuthenticationOptions ServerOptions(TlsIdentity identity, RemoteCertificateValidationCallback judge) => new()
    {
        ServerCertificateContext = identity.Context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = identity.Policy(TlsUsage.Client),
        RemoteCertificateValidationCallback = judge,

        // A resumed session would stand on certificates that were judged long ago.
        AllowTlsResume = false,
    };

    private SslClientAuthenticationOptions ClientOptions(TlsIdentity identity, RemoteCertificateValidationCallback judge) => new()
    {
        TargetHost = peer,
        ClientCertificateContext = identity.Context,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateChainPolicy = identity.Policy(TlsUsage.Server),
        RemoteCertificateValidationCallback = judge,
        AllowTlsResume = false,
    };

    /// <summary>Tells the verdict and waits for the other side's in any case: a connection that is torn down at once might never deliver it.</summary>
    /// <returns>What the other side thinks of this one; null where it hung up instead of saying so.</returns>
    private static async Task<Verdict?> ExchangeAsync(SslStream tls, Verdict mine, CancellationToken cancellation)
    {
        var verdict = new byte[1];
        try
        {
            await tls.WriteAsync(new[] { (byte)mine }, cancellation);
            await tls.FlushAsync(cancellation);
            return await tls.ReadAsync(verdict, cancellation) == 0 ? null : (Verdict)verdict[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Explain(Exception e) => e switch
    {
        CertificateException => e.Message,
        OperationCanceledException => $"The other side did not finish the TLS handshake within {s_patience.TotalSeconds} s.",
        _ => $"The TLS handshake failed: {(e.InnerException ?? e).Message} Does the other side use {ClusterTlsOptions.Section} too?",
    };

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
