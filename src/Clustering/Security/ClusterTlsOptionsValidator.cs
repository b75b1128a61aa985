using Microsoft.Extensions.Options;

namespace BlindGrain.Clustering.Security;

/// <summary>Refuses settings that cannot work, at start-up; reads the files once to that end.</summary>
/// <param name="isSilo">Whether the process is a silo, whose certificate carries another name than a gateway's.</param>
internal sealed class ClusterTlsOptionsValidator(bool isSilo) : IValidateOptions<ClusterTlsOptions>
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, ClusterTlsOptions options)
    {
        if (!options.Enabled)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = new List<string>();
        CheckFile(nameof(options.Certificate), options.Certificate);
        CheckFile(nameof(options.Key), options.Key);
        CheckFile(nameof(options.Authority), options.Authority);
        CheckName(nameof(options.SiloName), options.SiloName);
        CheckName(nameof(options.GatewayName), options.GatewayName);
        if (options.SiloName == options.GatewayName)
        {
            errors.Add($"{ClusterTlsOptions.Section}:SiloName and {ClusterTlsOptions.Section}:GatewayName are both '{options.SiloName}'; silos could not be told from gateways.");
        }

        if (options.ReloadInterval < s_shortest || options.ReloadInterval > s_longest)
        {
            errors.Add($"{ClusterTlsOptions.Section}:ReloadInterval is {options.ReloadInterval}; take {s_shortest} to {s_longest}.");
        }

        if (errors.Count == 0)
        {
            try
            {
                TlsIdentity.Load(options).CheckSelf(isSilo ? options.SiloName : options.GatewayName);
            }
            catch (CertificateException e)
            {
                errors.Add(e.Message);
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckFile(string setting, string? path)
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                errors.Add($"{ClusterTlsOptions.Section}:{setting} is empty; mutual TLS needs Certificate, Key and Authority.");
            }
            else if (!File.Exists(path))
            {
                errors.Add($"{ClusterTlsOptions.Section}:{setting} is '{path}'; there is no such file.");
            }
        }

        void CheckName(string setting, string? value)
        {
            if (value is null || Uri.CheckHostName(value) != UriHostNameType.Dns)
            {
                errors.Add($"{ClusterTlsOptions.Section}:{setting} is '{value}'; take a DNS name.");
            }
        }
    }
}
