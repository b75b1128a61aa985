using System.Text.RegularExpressions;
using BlindGrain.Clustering.Backends;
using Microsoft.Extensions.Options;

namespace BlindGrain.Clustering.Hosting;

/// <summary>Refuses settings that cannot work, at start-up. What a connection string holds is never told.</summary>
internal sealed partial class ClusterBackendOptionsValidator : IValidateOptions<ClusterBackendOptions>
{
    private const string Section = ClusterBackendOptions.Section;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, ClusterBackendOptions options)
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(options.Backend))
        {
            errors.Add(UnknownBackend($"{options.Backend}"));
        }
        else if (options.Backend != ClusterBackend.Development)
        {
            CheckConnection(options, errors);
        }

        if (!SchemaPattern().IsMatch(options.Schema ?? ""))
        {
            errors.Add($"{Section}:Schema is '{options.Schema}'; take lower-case letters, digits and '_', a letter first, 63 at most.");
        }

        if (options.StartTimeout < TimeSpan.Zero || options.StartTimeout > s_longest)
        {
            errors.Add($"{Section}:StartTimeout is {options.StartTimeout}; take {TimeSpan.Zero} to {s_longest}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    internal static string UnknownBackend(string text) => $"{Section}:Backend is '{text}'; take {string.Join(", ", Enum.GetNames<ClusterBackend>())}.";

    private static void CheckConnection(ClusterBackendOptions options, List<string> errors)
    {
        string example = options.Backend == ClusterBackend.Redis ? RedisServer.Example : PostgreSqlDatabase.Example;
        if (!string.IsNullOrWhiteSpace(options.ConnectionString) && !string.IsNullOrWhiteSpace(options.ConnectionStringFile))
        {
            errors.Add($"{Section}:ConnectionString and {Section}:ConnectionStringFile are both set; take one.");
            return;
        }

        string connection;
        try
        {
            connection = options.ReadConnectionString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{Section}:ConnectionStringFile cannot be read: {e.Message}");
            return;
        }

        if (connection.Length == 0)
        {
            errors.Add(string.IsNullOrWhiteSpace(options.ConnectionStringFile)
                ? $"{Section}:ConnectionString is empty; backend {options.Backend} needs one such as '{example}'."
                : $"{Section}:ConnectionStringFile names '{options.ConnectionStringFile}', which is empty; backend {options.Backend} needs a connection string such as '{example}'.");
        }
        else if (!(options.Backend == ClusterBackend.Redis ? RedisServer.CanRead(connection) : PostgreSqlDatabase.CanRead(connection)))
        {
            errors.Add($"{Section}:ConnectionString is none that backend {options.Backend} understands; write it like '{example}'.");
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaPattern();
}
