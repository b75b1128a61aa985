using System.Text.RegularExpressions;
using BlindGrain.Storage.AzureBlobs;
using Microsoft.Extensions.Options;

namespace BlindGrain.Storage.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var errors = new List<string>();
        switch (options.Backend)
        {
            case StorageBackend.FileSystem:
                if (string.IsNullOrWhiteSpace(options.Folder))
                {
                    errors.Add("Storage:Folder is empty; name a folder.");
                }
                else if (File.Exists(options.Folder))
                {
                    errors.Add($"Storage:Folder is '{options.Folder}', which is a file; name a folder.");
                }

                break;
            case StorageBackend.Azure:
                CheckAzure(options, errors);
                if (!ContainerPattern().IsMatch(options.AzureContainer ?? ""))
                {
                    errors.Add($"Storage:AzureContainer is '{options.AzureContainer}'; take 3 to 63 lower-case letters, digits and single hyphens.");
                }

                break;
            default:
                errors.Add($"Storage:Backend is '{options.Backend}'; take FileSystem or Azure.");
                break;
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>One way in, well-formed. Secrets are never told.</summary>
    private static void CheckAzure(StorageOptions options, List<string> errors)
    {
        string[] given = [.. new[]
        {
            (nameof(options.AzureConnectionString), options.AzureConnectionString),
            (nameof(options.AzureSasUri), options.AzureSasUri),
            (nameof(options.AzureServiceUri), options.AzureServiceUri),
        }.Where(o => !string.IsNullOrWhiteSpace(o.Item2)).Select(o => o.Item1)];
        if (given.Length != 1)
        {
            errors.Add(given.Length == 0
                ? "The Azure backend needs one of Storage:AzureConnectionString, Storage:AzureSasUri and Storage:AzureServiceUri (managed identity)."
                : $"Storage:{string.Join(" and Storage:", given)} are set; take one.");
            return;
        }

        if (!string.IsNullOrWhiteSpace(options.AzureClientId) && given[0] != nameof(options.AzureServiceUri))
        {
            errors.Add($"Storage:AzureClientId names an identity, which Storage:{given[0]} does not use; take it away or use Storage:AzureServiceUri.");
        }

        if (given[0] == nameof(options.AzureConnectionString) && !AzureContainers.CanRead(options.AzureConnectionString!))
        {
            errors.Add("Storage:AzureConnectionString is no connection string of a storage account; write it like 'DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net'.");
        }
        else if (given[0] == nameof(options.AzureSasUri) && !AzureContainers.IsContainerSas(options.AzureSasUri!))
        {
            errors.Add("Storage:AzureSasUri is no https URI of a container with a signature; write it like 'https://ACCOUNT.blob.core.windows.net/CONTAINER?sv=…&sig=…'.");
        }
        else if (given[0] == nameof(options.AzureServiceUri) && !AzureContainers.IsServiceUri(options.AzureServiceUri!))
        {
            errors.Add($"Storage:AzureServiceUri is '{options.AzureServiceUri}'; take an https URI such as https://ACCOUNT.blob.core.windows.net, without a query (identities are only told over TLS).");
        }
    }

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerPattern();
}
