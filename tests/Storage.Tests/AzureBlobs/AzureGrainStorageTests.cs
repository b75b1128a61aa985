using Azure.Storage.Blobs;
using BlindGrain.Storage.AzureBlobs;
using BlindGrain.Storage.Tests.GrainState;

namespace BlindGrain.Storage.Tests.AzureBlobs;

/// <summary>The conformance tests of grain storage against Azurite; its outage is Azurite stopped.</summary>
public sealed class AzureGrainStorageTests(AzuriteServer azurite) : GrainStorageConformance, IClassFixture<AzuriteServer>, IDisposable
{
    private AzureBlobStore? _store;

    public void Dispose() => _store?.Dispose();

    protected override Task<IBlobStore> StoreAsync()
    {
        azurite.SkipWhereMissing();
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        _store ??= new AzureBlobStore(new BlobContainerClient(azurite.ConnectionString, $"test-{Guid.NewGuid():N}", options));
        return Task.FromResult<IBlobStore>(_store);
    }

    protected override async Task<IAsyncDisposable> OutageAsync()
    {
        await azurite.StopAsync();
        return new Restart(azurite);
    }

    private sealed class Restart(AzuriteServer azurite) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await azurite.StartAsync();
    }
}
