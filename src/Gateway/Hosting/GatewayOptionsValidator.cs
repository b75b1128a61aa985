using System.Buffers;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = new List<string>();
        if (options.ApiKeys.Count == 0)
        {
            errors.Add("Gateway:ApiKeys is empty, so nobody could use the gateway; name a tenant and the SHA-256 of its key.");
        }

        for (int i = 0; i < options.ApiKeys.Count; i++)
        {
            ApiKeyOptions key = options.ApiKeys[i];
            if (!GrainKeys.IsId(key.Tenant))
            {
                errors.Add($"Gateway:ApiKeys:{i}:Tenant is '{key.Tenant}'; take {GrainKeys.IdForm}.");
            }

            if (key.Sha256 is null || key.Sha256.Length != 64 || key.Sha256.AsSpan().ContainsAnyExcept(s_hex))
            {
                errors.Add($"Gateway:ApiKeys:{i}:Sha256 is not 64 lower-case hexadecimal digits.");
            }

            if (Roles.Parse(key.Role) is null)
            {
                errors.Add($"Gateway:ApiKeys:{i}:Role is '{key.Role}'; take {Roles.All}.");
            }
        }

        if (options.Audit.File is { Length: > 0 } file && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            errors.Add($"Gateway:Audit:File is '{file}', but there is no folder {folder}.");
        }

        Within(errors, nameof(options.CredentialRefresh), options.CredentialRefresh, TimeSpan.FromMilliseconds(100), GatewayOptions.LongestCredentialRefresh);
        Within(errors, nameof(options.MaxModelBytes), options.MaxModelBytes, 1 << 10, 4L << 30);
        Within(errors, nameof(options.MaxKeySetBytes), options.MaxKeySetBytes, 1 << 20, 64L << 30);
        Within(errors, nameof(options.MaxChunkBytes), options.MaxChunkBytes, 64 << 10, 256L << 20);
        Within(errors, nameof(options.MaxInferenceBytes), options.MaxInferenceBytes, 1 << 10, 1L << 30);
        Within(errors, nameof(options.DirectUploadLife), options.DirectUploadLife, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        Within(errors, nameof(options.MaxWait), options.MaxWait, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Within(errors, nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        Within(errors, nameof(options.ShutdownTimeout), options.ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Within(errors, nameof(options.EventHeartbeat), options.EventHeartbeat, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Within(errors, nameof(options.RequestsPerSecond), options.RequestsPerSecond, 1, 1_000_000);
        Within(errors, nameof(options.RequestBurst), options.RequestBurst, 1, 1_000_000);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Within<T>(List<string> errors, string name, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            errors.Add($"Gateway:{name} is {value}; take {min} to {max}.");
        }
    }
}
