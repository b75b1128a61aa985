using Azure.Storage.Blobs;
using BlindGrain.Storage.AzureBlobs;

namespace BlindGrain.Storage.Tests.AzureBlobs;

/// <summary>The conformance tests against Azurite; skipped where it is not installed (npm install azurite@3.35.0).</summary>
public sealed class AzureBlobStoreTests(AzuriteServer azurite) : BlobStoreConformance, IClassFixture<AzuriteServer>, IDisposable
{
    private AzureBlobStore? _store;

    public void Dispose() => _store?.Dispose();

    [Fact]
    public async Task A_backend_that_is_not_there_is_an_error_and_not_an_empty_store()
    {
        azurite.SkipWhereMissing();
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        string nowhere = System.Text.RegularExpressions.Regex.Replace(azurite.ConnectionString!, @"127\.0\.0\.1:\d+", "127.0.0.1:1");
        using var store = new AzureBlobStore(new BlobContainerClient(nowhere, "missing", options));
        _ = await Assert.ThrowsAnyAsync<Exception>(() => store.OpenAsync("x"));
    }

    protected override Task<IBlobStore> StoreAsync()
    {
        azurite.SkipWhereMissing();
        _store ??= new AzureBlobStore(new BlobContainerClient(azurite.ConnectionString, $"test-{Guid.NewGuid():N}"));
        return Task.FromResult<IBlobStore>(_store);
    }
}
