using BlindGrain.Storage.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlindGrain.Storage.Tests.Hosting;

public class StorageServiceExtensionsTests
{
    [Theory]
    [InlineData("Storage:Folder", "", "Storage:Folder is empty")]
    [InlineData("Storage:Backend", "Azure", "needs one of Storage:AzureConnectionString")]
    public void Settings_that_cannot_work_are_named(string key, string value, string message)
    {
        using ServiceProvider provider = Provider((key, value));
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_name_that_azure_refuses_is_refused_here()
    {
        using ServiceProvider provider = Provider(("Storage:Backend", "Azure"), ("Storage:AzureConnectionString", "UseDevelopmentStorage=true"), ("Storage:AzureContainer", "Not Good"));
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains("Storage:AzureContainer", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:AzureConnectionString is no connection string", "AzureConnectionString=AccountName=a;hunter2")]
    [InlineData("Storage:AzureSasUri is no https URI", "AzureSasUri=http://a.example/c?sv=1&sig=hunter2")]
    [InlineData("Storage:AzureSasUri is no https URI", "AzureSasUri=https://a.example/?sv=1&sig=hunter2")]
    [InlineData("Storage:AzureSasUri is no https URI", "AzureSasUri=https://a.example/c?password=hunter2")]
    [InlineData("Storage:AzureServiceUri is 'http://a.example/'; take an https URI", "AzureServiceUri=http://a.example/")]
    [InlineData("Storage:AzureConnectionString and Storage:AzureServiceUri are set; take one", "AzureServiceUri=https://a.example", "AzureConnectionString=hunter2")]
    [InlineData("Storage:AzureClientId names an identity", "AzureSasUri=https://a.example/c?sv=1&sig=hunter2", "AzureClientId=id")]
    public void One_way_into_azure_must_be_well_formed_and_secrets_are_not_told(string message, params string[] settings)
    {
        using ServiceProvider provider = Provider([("Storage:Backend", "Azure"), .. settings.Select(s => s.Split('=', 2)).Select(s => ($"Storage:{s[0]}", s[1]))]);
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureServiceUri=https://a.blob.core.windows.net")]
    [InlineData("AzureServiceUri=https://a.blob.core.windows.net/", "AzureClientId=00000000-0000-0000-0000-000000000001")]
    [InlineData("AzureSasUri=https://a.blob.core.windows.net/c?sv=2024-01-01&sr=c&sig=x")]
    public void Each_way_into_azure_makes_a_store(params string[] settings)
    {
        using ServiceProvider provider = Provider([("Storage:Backend", "Azure"), .. settings.Select(s => s.Split('=', 2)).Select(s => ($"Storage:{s[0]}", s[1]))]);
        Assert.NotNull(provider.GetRequiredService<IBlobStore>());
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
