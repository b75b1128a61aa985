using Azure.Identity;
using Azure.Storage.Blobs;
using BlindGrain.Storage.Hosting;

namespace BlindGrain.Storage.AzureBlobs;

/// <summary>The three ways into a container: the account's key, a signature for the container, or an identity without a secret.</summary>
internal static class AzureContainers
{
    /// <summary>Opens the container that valid options name; nothing is sent yet.</summary>
    public static AzureBlobStore Open(StorageOptions options, BlobClientOptions? client = null)
    {
        if (!string.IsNullOrWhiteSpace(options.AzureSasUri))
        {
            return new AzureBlobStore(new BlobContainerClient(new Uri(options.AzureSasUri), client), exists: true);
        }

        bool isIdentity = !string.IsNullOrWhiteSpace(options.AzureServiceUri);
        BlobServiceClient service = isIdentity
            ? new BlobServiceClient(new Uri(options.AzureServiceUri!), Identity(options.AzureClientId), client)
            : new BlobServiceClient(options.AzureConnectionString, client);
        return new AzureBlobStore(service.GetBlobContainerClient(options.AzureContainer), service: isIdentity ? service : null);
    }

    public static bool CanRead(string connectionString)
    {
        try
        {
            return new BlobServiceClient(connectionString).Uri is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return false;
        }
    }

    public static bool IsServiceUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0;

    /// <summary>A signature in the clear is anybody's: plain HTTP is for the loopback's emulator.</summary>
    public static bool IsContainerSas(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && new BlobUriBuilder(uri) is { BlobContainerName.Length: > 0, BlobName: null or "", Sas.Signature.Length: > 0 };

    /// <summary>A server asks nobody: credentials that open a browser or read a developer's tools are left out.</summary>
    private static DefaultAzureCredential Identity(string? clientId) => new(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = string.IsNullOrWhiteSpace(clientId) ? null : clientId,
        WorkloadIdentityClientId = string.IsNullOrWhiteSpace(clientId) ? null : clientId,
        ExcludeVisualStudioCredential = true,
        ExcludeVisualStudioCodeCredential = true,
        ExcludeInteractiveBrowserCredential = true,
    });
}
