using System.Net;
using Microsoft.Extensions.Options;

namespace BlindGrain.Silo;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    private static readonly TimeSpan s_shortestStop = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestStop = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        var errors = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _))
        {
            errors.Add($"Silo:Address is '{options.Address}'; take an IP address such as 127.0.0.1.");
        }

        CheckPort(nameof(options.SiloPort), options.SiloPort);
        CheckPort(nameof(options.GatewayPort), options.GatewayPort);
        if (options.SiloPort == options.GatewayPort)
        {
            errors.Add($"Silo:SiloPort and Silo:GatewayPort are both {options.SiloPort}; they must differ.");
        }

        if (!string.IsNullOrEmpty(options.PrimarySilo) && !(IPEndPoint.TryParse(options.PrimarySilo, out IPEndPoint? primary) && primary.Port > 0))
        {
            errors.Add($"Silo:PrimarySilo is '{options.PrimarySilo}'; take an address and port such as 127.0.0.1:11111.");
        }

        CheckName(nameof(options.ClusterId), options.ClusterId);
        CheckName(nameof(options.ServiceId), options.ServiceId);
        if (options.ShutdownTimeout < s_shortestStop || options.ShutdownTimeout > s_longestStop)
        {
            errors.Add($"Silo:ShutdownTimeout is {options.ShutdownTimeout}; take {s_shortestStop} to {s_longestStop}.");
        }

        if (options.ProbeTimeout < TimeSpan.FromMilliseconds(500) || options.ProbeTimeout > TimeSpan.FromMinutes(1))
        {
            errors.Add($"Silo:ProbeTimeout is {options.ProbeTimeout}; take 00:00:00.5 to 00:01:00.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckPort(string setting, int port)
        {
            if (port is < 1 or > 65535)
            {
                errors.Add($"Silo:{setting} is {port}; take 1 to 65535.");
            }
        }

        void CheckName(string setting, string? value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                errors.Add($"Silo:{setting} is empty; silos and clients of one cluster must share a name.");
            }
        }
    }
}
