using BlindGrain.Storage.AzureBlobs;
using BlindGrain.Storage.FileSystem;
using BlindGrain.Storage.GrainState;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace BlindGrain.Storage.Hosting;

/// <summary>Adds storage to a host.</summary>
public static class StorageServiceExtensions
{
    /// <summary>
    /// Adds <see cref="IBlobStore"/> by the section "Storage" of <paramref name="configuration"/> (its root). Settings that cannot
    /// work fail the host's start with an <see cref="OptionsValidationException"/>. Adding it twice adds it once.
    /// </summary>
    public static IServiceCollection AddBlindGrainStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        _ = services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(CreateStore);
        return services;
    }

    /// <summary>Makes the blob store the default grain storage of a silo; needs <see cref="AddBlindGrainStorage"/>.</summary>
    public static IServiceCollection AddBlindGrainGrainStorage(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IGrainStorage, BlobGrainStorage>();
        services.TryAddKeyedSingleton<IGrainStorage>("Default", (provider, _) => provider.GetRequiredService<IGrainStorage>());
        return services;
    }

    private static IBlobStore CreateStore(IServiceProvider provider)
    {
        StorageOptions options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        return options.Backend == StorageBackend.Azure
            ? AzureContainers.Open(options)
            : new FileSystemBlobStore(options.Folder, provider.GetRequiredService<ILoggerFactory>().CreateLogger("BlindGrain.Storage"), provider.GetRequiredService<TimeProvider>());
    }
}
