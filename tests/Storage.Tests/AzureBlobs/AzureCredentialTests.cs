using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using BlindGrain.Storage.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Storage.Tests.AzureBlobs;

/// <summary>The ways into a container, configured as an operator does, against Azurite.</summary>
public sealed class AzureCredentialTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    [Fact]
    public async Task A_connection_string_makes_the_container_and_uses_it()
    {
        azurite.SkipWhereMissing();
        await using ServiceProvider provider = Provider(("AzureConnectionString", azurite.ConnectionString!), ("AzureContainer", $"c-{Guid.NewGuid():N}"));
        await AssertWorksAsync(provider.GetRequiredService<IBlobStore>());
    }

    [Fact]
    public async Task A_signature_for_one_container_is_enough()
    {
        azurite.SkipWhereMissing();
        var container = new BlobContainerClient(azurite.ConnectionString, $"c-{Guid.NewGuid():N}");
        _ = await container.CreateAsync();
        await using ServiceProvider provider = Provider(("AzureSasUri", Sign(container, BlobContainerSasPermissions.All, TimeSpan.FromMinutes(10))));
        await AssertWorksAsync(provider.GetRequiredService<IBlobStore>());
    }

    [Fact]
    public async Task A_signature_that_may_not_or_no_longer_is_an_error_and_not_an_empty_store()
    {
        azurite.SkipWhereMissing();
        var container = new BlobContainerClient(azurite.ConnectionString, $"c-{Guid.NewGuid():N}");
        _ = await container.CreateAsync();
        await using ServiceProvider reader = Provider(("AzureSasUri", Sign(container, BlobContainerSasPermissions.Read, TimeSpan.FromMinutes(10))));
        IBlobStore store = reader.GetRequiredService<IBlobStore>();
        _ = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => store.WriteAsync("a", new MemoryStream([1])));
        await using ServiceProvider late = Provider(("AzureSasUri", Sign(container, BlobContainerSasPermissions.All, TimeSpan.FromMinutes(-1))));
        Azure.RequestFailedException e = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => late.GetRequiredService<IBlobStore>().OpenAsync("a"));
        Assert.Equal(403, e.Status);
        Assert.DoesNotContain("sig=", e.ToString(), StringComparison.Ordinal);
    }

    private static string Sign(BlobContainerClient container, BlobContainerSasPermissions permissions, TimeSpan life)
    {
        var sas = new BlobSasBuilder(permissions, DateTimeOffset.UtcNow + life) { BlobContainerName = container.Name, StartsOn = DateTimeOffset.UtcNow.AddMinutes(-10) };
        return container.GenerateSasUri(sas).ToString();
    }

    private static async Task AssertWorksAsync(IBlobStore store)
    {
        string etag = await store.WriteAsync("a/b", new MemoryStream([1, 2, 3]), BlobCondition.Absent);
        await using (BlobContent? blob = await store.OpenAsync("a/b"))
        {
            Assert.Equal((3, etag), (blob!.Length, blob.ETag));
        }

        Assert.Null(await store.OpenAsync("a/c"));
        var names = new List<string>();
        await foreach (BlobEntry entry in store.ListAsync(""))
        {
            names.Add(entry.Name);
        }

        Assert.Equal(["a/b"], names);
        await store.DeleteAsync("a/b", BlobCondition.Match(etag));
    }

    private static ServiceProvider Provider(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddBlindGrainStorage(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("Backend", "Azure")).Select(s => KeyValuePair.Create($"Storage:{s.Item1}", (string?)s.Item2)))
            .Build())
        .BuildServiceProvider();
}
