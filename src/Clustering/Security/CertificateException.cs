namespace BlindGrain.Clustering.Security;

/// <summary>A certificate, a key or an authority cannot be used; the message names the file and the reason.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
