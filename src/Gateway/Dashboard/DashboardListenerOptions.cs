using System.Net;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Dashboard;

/// <summary>Where administrators see Orleans' dashboard; part of the section "Dashboard" of the configuration. Silos must have "Dashboard:Enabled" for it.</summary>
public sealed class DashboardListenerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Dashboard";

    /// <summary>The IP address listened on; loopback by default. It speaks plain HTTP: reach it through a tunnel, or put TLS before it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port, 1 to 65535; 0, the default, is none.</summary>
    public int Port { get; set; }
}

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class DashboardListenerOptionsValidator : IValidateOptions<DashboardListenerOptions>
{
    public ValidateOptionsResult Validate(string? name, DashboardListenerOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _))
        {
            errors.Add($"{DashboardListenerOptions.Section}:Address is '{options.Address}'; take an IP address such as 127.0.0.1.");
        }

        if (options.Port is < 0 or > 65535)
        {
            errors.Add($"{DashboardListenerOptions.Section}:Port is {options.Port}; take 1 to 65535, or 0 for none.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
