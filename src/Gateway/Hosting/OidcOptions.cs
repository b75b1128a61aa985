namespace BlindGrain.Gateway.Hosting;

/// <summary>Bearer tokens of an OpenID Connect issuer, taken beside API keys; section "Gateway:Oidc" of the configuration, in force where it is there.</summary>
public sealed class OidcOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = $"{GatewayOptions.Section}:Oidc";

    /// <summary>The issuer's address, https; its keys are found by its discovery document and followed as they change.</summary>
    public string? Authority { get; set; }

    /// <summary>The discovery document's address where it is not the authority's ".well-known/openid-configuration".</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>In place of an authority that can be reached: a file with the issuer's public keys (a JSON Web Key Set), read at start.</summary>
    public string? KeysFile { get; set; }

    /// <summary>The "iss" that tokens must have; needed with <see cref="KeysFile"/>, else the discovery document says it.</summary>
    public string? Issuer { get; set; }

    /// <summary>The "aud" that tokens must have.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that names the tenant.</summary>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim that names the role, or several of which the highest counts; a token without it is a client's.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>What the issuer calls the roles: a value of <see cref="RoleClaim"/> to "client", "model_owner" or "admin". Where this is empty the values are those themselves.</summary>
    public IDictionary<string, string> Roles { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the authority must be reached by https; false is for tests.</summary>
    public bool RequireHttps { get; set; } = true;

    /// <summary>What cannot work.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrEmpty(Audience))
        {
            yield return $"{Section}:Audience is empty; name the 'aud' that tokens for this service have.";
        }

        if (string.IsNullOrEmpty(Authority) && string.IsNullOrEmpty(MetadataAddress) && string.IsNullOrEmpty(KeysFile))
        {
            yield return $"{Section} names no issuer; set Authority, MetadataAddress, or KeysFile with Issuer.";
        }

        if (!string.IsNullOrEmpty(KeysFile) && string.IsNullOrEmpty(Issuer))
        {
            yield return $"{Section}:Issuer is empty; with KeysFile it must be the 'iss' of the tokens.";
        }

        if (!string.IsNullOrEmpty(KeysFile) && !File.Exists(KeysFile))
        {
            yield return $"{Section}:KeysFile is '{KeysFile}', which does not exist.";
        }

        if (RequireHttps && new[] { Authority, MetadataAddress }.FirstOrDefault(a => !string.IsNullOrEmpty(a) && !a.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) is { } address)
        {
            yield return $"{Section} has the address '{address}'; take one of https, so that nobody can put other keys in between.";
        }

        foreach ((string value, string role) in Roles.Where(r => Security.Roles.Parse(r.Value) is null))
        {
            yield return $"{Section}:Roles:{value} is '{role}'; take {Security.Roles.All}.";
        }
    }
}
