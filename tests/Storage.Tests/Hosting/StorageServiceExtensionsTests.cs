using BlindGrain.Storage.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlindGrain.Storage.Tests.Hosting;

public class StorageServiceExtensionsTests
{
    [Theory]
    [InlineData("Storage:Folder", "", "Storage:Folder is empty")]
    [InlineData("Storage:Backend", "Azure", "Storage:AzureConnectionString is empty")]
    public void Settings_that_cannot_work_are_named(string key, string value, string message)
    {
        using ServiceProvider provider = Provider((key, value));
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_name_that_azure_refuses_is_refused_here()
    {
        using ServiceProvider provider = Provider(("Storage:Backend", "Azure"), ("Storage:AzureConnectionString", "x"), ("Storage:AzureContainer", "Not Good"));
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains("Storage:AzureContainer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_of_the_configuration_is_used()
    {
        using var folder = new TemporaryFolder();
        using ServiceProvider provider = Provider(("Storage:Folder", Path.Combine(folder.Path, "new")));
        IBlobStore store = provider.GetRequiredService<IBlobStore>();
        _ = await store.WriteAsync("x", new MemoryStream([1]));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, "new"), "*", SearchOption.AllDirectories));
    }

    private static ServiceProvider Provider(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return new ServiceCollection().AddLogging().AddBlindGrainStorage(configuration).BuildServiceProvider();
    }
}
