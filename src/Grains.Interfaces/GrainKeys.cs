using System.Text.RegularExpressions;

namespace BlindGrain.Grains.Interfaces;

/// <summary>Grain keys, always scoped to a tenant, and the form of the ids in them.</summary>
public static partial class GrainKeys
{
    /// <summary>What an id may look like, for error messages.</summary>
    public const string IdForm = "1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', starting with a letter or digit";

    /// <summary>Whether <paramref name="id"/> may name a tenant, model, version, key set or job.</summary>
    public static bool IsId(string? id) => id is not null && IdPattern().IsMatch(id);

    /// <summary>The key of the one grain that knows all tenants and credentials.</summary>
    public const string Access = "access";

    /// <summary>The key of a model's grain.</summary>
    public static string Model(string tenant, string model, string version) => $"{Checked(tenant)}/{Checked(model)}/{Checked(version)}";

    /// <summary>The key of a key set's grain.</summary>
    public static string KeySet(string tenant, string keySet) => $"{Checked(tenant)}/{Checked(keySet)}";

    /// <summary>The key of a job's grain.</summary>
    public static string Job(string tenant, string job) => $"{Checked(tenant)}/{Checked(job)}";

    /// <summary>The key of a tenant's grain.</summary>
    public static string Tenant(string tenant) => Checked(tenant);

    /// <summary>The parts of a key.</summary>
    public static string[] Split(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Split('/');
    }

    private static string Checked(string id) => IsId(id) ? id : throw new ArgumentException($"'{id}' is no id: {IdForm}.", nameof(id));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
