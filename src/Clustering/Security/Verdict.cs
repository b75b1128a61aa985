namespace BlindGrain.Clustering.Security;

/// <summary>
/// The first byte that each side sends inside TLS, before anything of Orleans: what it thinks of the certificate it was shown. With TLS 1.3
/// alone the other side would be left with a connection that just ends, and its log could not say why.
/// </summary>
internal enum Verdict : byte
{
    /// <summary>Orleans may talk.</summary>
    Trusted = 1,

    /// <summary>No certificate was shown.</summary>
    Missing = 2,

    /// <summary>It does not stand under the authority, or is damaged.</summary>
    OtherAuthority = 3,

    /// <summary>It, or one above it, is not valid yet or no longer.</summary>
    OutOfDate = 4,

    /// <summary>It is not for this side of a connection.</summary>
    OtherUsage = 5,

    /// <summary>It carries another role's name.</summary>
    OtherRole = 6,
}
