using System.Text.RegularExpressions;
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
                if (string.IsNullOrWhiteSpace(options.AzureConnectionString))
                {
                    errors.Add("Storage:AzureConnectionString is empty; the Azure backend needs one.");
                }

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

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerPattern();
}
