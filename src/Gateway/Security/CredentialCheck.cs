using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Security;

/// <summary>Finds whose an API key is: one of the settings, or one that was issued.</summary>
internal sealed class CredentialCheck(IOptionsMonitor<GatewayOptions> gateway, AccessDirectory directory, TimeProvider time)
{
    private static readonly string s_noHash = new('0', 64);

    /// <summary>Who the key's owner is; null where the key is not valid.</summary>
    public async Task<ClaimsIdentity?> Find(string key)
    {
        byte[] hash = Encoding.ASCII.GetBytes(ApiKey.Hash(key));
        ApiKeyOptions? set = null;
        foreach (ApiKeyOptions credential in gateway.CurrentValue.ApiKeys)
        {
            // No early exit: the time taken must not tell which entry fits.
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(credential.Sha256)))
            {
                set = credential;
            }
        }

        if (set is not null)
        {
            return Identity(set.Tenant, IdOf(set), Roles.Parse(set.Role) ?? CredentialRole.Client);
        }

        if (ApiKey.IdOf(key) is not { } id)
        {
            return null;
        }

        CredentialRecord? issued = await directory.FindCredential(id);
        bool fits = CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(issued?.Sha256 ?? s_noHash));
        return fits && issued is not null && !(issued.Expires <= time.GetUtcNow()) ? Identity(issued.Tenant, issued.Id, issued.Role) : null;
    }

    /// <summary>The id of a key of the settings: the same at every gateway that has it. A hash's beginning tells nothing of the key.</summary>
    private static string IdOf(ApiKeyOptions credential) => $"config-{credential.Sha256[..8]}";

    private static ClaimsIdentity Identity(string tenant, string id, CredentialRole role) => Caller.Identity(ApiKeyAuthenticationHandler.SchemeName, tenant, id, role);
}
