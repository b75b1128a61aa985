using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace BlindGrain.Clustering.Security;

/// <summary>Puts <see cref="TlsMiddleware"/> under the connections of silos and clients.</summary>
internal static class TlsHosting
{
    /// <summary>Reads and checks the section "Cluster:Tls", with its files.</summary>
    /// <exception cref="OptionsValidationException">A setting or a file cannot work.</exception>
    public static ClusterTlsOptions Read(IConfiguration configuration, bool isSilo)
    {
        var options = new ClusterTlsOptions();
        try
        {
            configuration.GetSection(ClusterTlsOptions.Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(ClusterTlsOptions.Section, typeof(ClusterTlsOptions), [e.Message]);
        }

        ValidateOptionsResult result = new ClusterTlsOptionsValidator(isSilo).Validate(null, options);
        return result.Succeeded ? options : throw new OptionsValidationException(ClusterTlsOptions.Section, typeof(ClusterTlsOptions), result.Failures!);
    }

    /// <summary>Adds TLS where it is enabled. Silos accept silos and gateways, each at its port; a gateway opens connections only.</summary>
    public static void AddClusterTls(this IServiceCollection services, ClusterTlsOptions options, bool isSilo)
    {
        if (!options.Enabled)
        {
            return;
        }

        _ = services.AddSingleton(provider => new TlsIdentitySource(
            options, isSilo, provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILogger<TlsIdentitySource>>()));
        if (isSilo)
        {
            _ = services.AddOptions<SiloConnectionOptions>().Configure<IServiceProvider>((connections, provider) =>
            {
                connections.ConfigureSiloInboundConnection(b => Use(b, Middleware(provider, accepts: true, options.SiloName)));
                connections.ConfigureGatewayInboundConnection(b => Use(b, Middleware(provider, accepts: true, options.GatewayName)));
                connections.ConfigureSiloOutboundConnection(b => Use(b, Middleware(provider, accepts: false, options.SiloName)));
            });
        }
        else
        {
            _ = services.AddOptions<ClientConnectionOptions>().Configure<IServiceProvider>((connections, provider) =>
                connections.ConfigureConnection(b => Use(b, Middleware(provider, accepts: false, options.SiloName))));
        }
    }

    private static void Use(IConnectionBuilder connection, TlsMiddleware middleware) =>
        connection.Use(next => context => middleware.OnConnectionAsync(context, next));

    private static TlsMiddleware Middleware(IServiceProvider provider, bool accepts, string peer) =>
        new(provider.GetRequiredService<TlsIdentitySource>(), accepts, peer, provider.GetRequiredService<ILogger<TlsMiddleware>>());
}
