using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BlindGrain.Clustering.Hosting;

/// <summary>Reads the section "Cluster", with errors that name the setting.</summary>
internal static class ClusterConfiguration
{
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    public static ClusterBackendOptions Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(ClusterBackendOptions.Section);
        string? backend = section[nameof(ClusterBackendOptions.Backend)];
        if (!string.IsNullOrEmpty(backend) && !Enum.TryParse(backend, ignoreCase: true, out ClusterBackend _))
        {
            throw Failure([ClusterBackendOptionsValidator.UnknownBackend(backend)]);
        }

        var options = new ClusterBackendOptions();
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            // Says which setting has which value; a connection string is text and binds always.
            throw Failure([e.Message]);
        }

        ValidateOptionsResult result = new ClusterBackendOptionsValidator().Validate(null, options);
        return result.Succeeded ? options : throw Failure(result.Failures!);
    }

    /// <summary>The connection string, from wherever it is configured; empty where it is not.</summary>
    public static string ReadConnectionString(this ClusterBackendOptions options) =>
        !string.IsNullOrWhiteSpace(options.ConnectionString) ? options.ConnectionString.Trim()
        : !string.IsNullOrWhiteSpace(options.ConnectionStringFile) ? File.ReadAllText(options.ConnectionStringFile).Trim()
        : "";

    private static OptionsValidationException Failure(IEnumerable<string> failures) =>
        new(ClusterBackendOptions.Section, typeof(ClusterBackendOptions), failures);
}
