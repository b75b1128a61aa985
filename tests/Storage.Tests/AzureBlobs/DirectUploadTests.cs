using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using BlindGrain.Storage.AzureBlobs;
using BlindGrain.Storage.Hosting;

namespace BlindGrain.Storage.Tests.AzureBlobs;

/// <summary>Addresses that a client may write one blob at, and do nothing else.</summary>
public sealed class DirectUploadTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_signed_address_takes_a_blob_whole_or_in_blocks_and_allows_nothing_else()
    {
        azurite.SkipWhereMissing();
        using AzureBlobStore store = AzureContainers.Open(Options());
        DirectUpload upload = (await store.SignAsync("a/b", s_life))!;
        Assert.InRange(upload.Expires - DateTimeOffset.UtcNow, TimeSpan.Zero, s_life);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(http, upload.Address, [1, 2, 3]));
        await AssertHoldsAsync(store, "a/b", [1, 2, 3]);

        var blocks = new BlockBlobClient(upload.Address);
        _ = await blocks.StageBlockAsync("AAAA", new MemoryStream([4, 5]));
        _ = await blocks.CommitBlockListAsync(["AAAA"]);
        await AssertHoldsAsync(store, "a/b", [4, 5]);

        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(upload.Address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.DeleteAsync(upload.Address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(http, new Uri(upload.Address.ToString().Replace("a/b", "a/c", StringComparison.Ordinal)), [1]));
        Assert.Null(await store.OpenAsync("a/c"));
    }

    [Fact]
    public async Task An_address_that_has_expired_takes_nothing()
    {
        azurite.SkipWhereMissing();
        using AzureBlobStore store = AzureContainers.Open(Options());
        DirectUpload upload = (await store.SignAsync("late", TimeSpan.FromSeconds(-1)))!;
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(http, upload.Address, [1]));
        Assert.Null(await store.OpenAsync("late"));
    }

    [Fact]
    public async Task A_store_that_was_given_a_signature_signs_nothing_itself()
    {
        azurite.SkipWhereMissing();
        var container = new BlobContainerClient(azurite.ConnectionString, $"c-{Guid.NewGuid():N}");
        Uri uri = container.GenerateSasUri(new BlobSasBuilder(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddMinutes(5)) { BlobContainerName = container.Name });
        using AzureBlobStore store = AzureContainers.Open(new StorageOptions { Backend = StorageBackend.Azure, AzureSasUri = uri.ToString() });
        Assert.Null(await store.SignAsync("a", s_life));
    }

    private StorageOptions Options() => new() { Backend = StorageBackend.Azure, AzureConnectionString = azurite.ConnectionString, AzureContainer = $"c-{Guid.NewGuid():N}" };

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, Uri address, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(content) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task AssertHoldsAsync(AzureBlobStore store, string name, byte[] content)
    {
        await using BlobContent blob = (await store.OpenAsync(name))!;
        var bytes = new byte[blob.Length];
        await blob.Stream.ReadExactlyAsync(bytes);
        Assert.Equal(content, bytes);
    }
}
