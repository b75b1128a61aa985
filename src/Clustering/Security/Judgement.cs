using System.Security.Cryptography.X509Certificates;

namespace BlindGrain.Clustering.Security;

/// <summary>What one side thinks of the other's certificate.</summary>
/// <param name="Verdict">What it tells the other side.</param>
/// <param name="Problem">What it tells its own log; empty where the certificate is trusted.</param>
internal readonly record struct Judgement(Verdict Verdict, string Problem)
{
    private const X509ChainStatusFlags Dates = X509ChainStatusFlags.NotTimeValid;
    private const X509ChainStatusFlags Usage = X509ChainStatusFlags.NotValidForUsage;

    /// <summary>Judges a certificate by the chain that was built for it (<see cref="TlsIdentity.Policy"/>).</summary>
    /// <param name="certificate">What the other side showed; null where it showed none.</param>
    /// <param name="chain">Its chain; null where there is no certificate.</param>
    /// <param name="name">The DNS name that it must carry.</param>
    public static Judgement Of(X509Certificate2? certificate, X509Chain? chain, string name)
    {
        if (certificate is null || chain is null)
        {
            return new Judgement(Verdict.Missing, "no certificate was shown.");
        }

        string shown = $"certificate '{certificate.Subject}' (valid {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u})";
        if (chain.ChainStatus.Length > 0)
        {
            X509ChainStatusFlags flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
            string details = string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation.Trim()).Distinct());

            // The worst first: what is told of a stranger's dates would hide that it is a stranger.
            return (flags & ~(Dates | Usage)) != 0 ? new Judgement(Verdict.OtherAuthority, $"{shown} does not stand under the authority: {details}")
                : (flags & Dates) != 0 ? new Judgement(Verdict.OutOfDate, $"{shown} is out of date, or one above it is: {details}")
                : new Judgement(Verdict.OtherUsage, $"{shown} may not be used on this side of a connection: {details}");
        }

        return certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false)
            ? new Judgement(Verdict.Trusted, "")
            : new Judgement(Verdict.OtherRole, $"{shown} does not carry the DNS name '{name}'.");
    }

    /// <summary>What a verdict of the other side that is not good means for this one.</summary>
    /// <param name="verdict">The byte that it sent; null where it hung up instead.</param>
    /// <param name="subject">The certificate that it was shown.</param>
    /// <returns>A sentence for the log.</returns>
    public static string Explain(Verdict? verdict, string subject) => verdict switch
    {
        Verdict.Missing => "The other side was shown no certificate.",
        Verdict.OtherAuthority => $"The other side refuses certificate '{subject}': it does not stand under its authority.",
        Verdict.OutOfDate => $"The other side refuses certificate '{subject}': it is out of date, or one above it is.",
        Verdict.OtherUsage => $"The other side refuses certificate '{subject}': it lacks the extended key usage clientAuth or serverAuth.",
        Verdict.OtherRole => $"The other side refuses certificate '{subject}': it carries another role's name.",
        null => "The other side hung up before it said whether it trusts this one.",
        _ => "The other side speaks another protocol inside TLS.",
    };
}
