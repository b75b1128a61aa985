using System.Net;
using Microsoft.Extensions.Options;

namespace BlindGrain.Management;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _))
        {
            errors.Add($"{ManagementOptions.Section}:Address is '{options.Address}'; take an IP address such as 127.0.0.1, or 0.0.0.0 for all.");
        }

        if (options.Port is < 0 or > 65535)
        {
            errors.Add($"{ManagementOptions.Section}:Port is {options.Port}; take 1 to 65535, or 0 for none.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
