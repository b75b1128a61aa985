namespace BlindGrain.Storage;

/// <summary>What a store can do besides that lets a client write one blob without passing through this process.</summary>
public interface IDirectUploads
{
    /// <summary>Signs an address that one blob may be written at, and neither read nor deleted. The signer bounds neither length nor number of writes: look at what came before using it.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="life">For how long the address holds.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The address, which is a secret while it holds; null where the store's own credential cannot sign any.</returns>
    /// <exception cref="BlobStoreUnavailableException">The service does not answer at the moment.</exception>
    Task<DirectUpload?> SignAsync(string name, TimeSpan life, CancellationToken cancellation = default);
}

/// <summary>An address that a blob may be written at.</summary>
/// <param name="Address">The address, with its signature: never logged.</param>
/// <param name="Expires">When it stops to hold, UTC.</param>
public sealed record DirectUpload(Uri Address, DateTimeOffset Expires);
