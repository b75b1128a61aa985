using System.Net;
using BlindGrain.Clustering.Backends;
using BlindGrain.Clustering.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace BlindGrain.Clustering.Hosting;

/// <summary>Gives silos and clients the membership, reminders and trusted connections that the section "Cluster" names.</summary>
public static class ClusteringHosting
{
    /// <summary>
    /// Reads and checks the section "Cluster" of <paramref name="configuration"/> (its root), and adds what must be done before a silo
    /// or a client starts. Call it before Orleans is added to the host: hosted services start in the order in which they were added.
    /// The host's start fails with <see cref="ClusterUnavailableException"/> where the server cannot be used in time.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="isSilo">Whether the host runs a silo, which may make the tables, or a client, which may not.</param>
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    public static ClusterBackendOptions AddBlindGrainClusterBackend(this IServiceCollection services, IConfiguration configuration, bool isSilo)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ClusterBackendOptions options = ClusterConfiguration.Read(configuration);
        services.AddClusterTls(TlsHosting.Read(configuration, isSilo), isSilo);
        switch (options.Backend)
        {
            case ClusterBackend.Redis:
                _ = services.AddSingleton(new RedisServer(options.ReadConnectionString()))
                    .AddSingleton<IBackendServer>(provider => provider.GetRequiredService<RedisServer>());
                break;
            case ClusterBackend.PostgreSql:
                _ = services.AddSingleton(provider => OpenDatabase(options, provider.GetRequiredService<ILoggerFactory>()))
                    .AddSingleton<IBackendServer>(provider => provider.GetRequiredService<PostgreSqlDatabase>());
                break;
            default:
                return options;
        }

        _ = services.AddSingleton<IHostedService>(provider => new BackendPreparation(
            provider.GetRequiredService<IBackendServer>(), options, isSilo && options.Migrate, provider.GetRequiredService<ILogger<BackendPreparation>>()));
        return options;
    }

    /// <summary>Adds membership and reminders to a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">What <see cref="AddBlindGrainClusterBackend"/> returned.</param>
    /// <param name="primary">Development: the first silo's address; null where this is it.</param>
    public static ISiloBuilder UseBlindGrainClustering(this ISiloBuilder silo, ClusterBackendOptions options, IPEndPoint? primary)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        switch (options.Backend)
        {
            case ClusterBackend.Redis:
                var redis = new RedisServer(options.ReadConnectionString());
                return silo
                    .UseRedisClustering(o => o.ConfigurationOptions = redis.Configuration)
                    .UseRedisReminderService(o => o.ConfigurationOptions = redis.Configuration);
            case ClusterBackend.PostgreSql:
                return silo
                    .UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> o) => o.Configure<PostgreSqlDatabase>(
                        (orleans, database) => (orleans.Invariant, orleans.DataSource) = ("Npgsql", database.DataSource)))
                    .UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> o) => o.Configure<PostgreSqlDatabase>(
                        (orleans, database) => (orleans.Invariant, orleans.DataSource) = ("Npgsql", database.DataSource)));
            default:
                return silo.UseDevelopmentClustering(primary).UseInMemoryReminderService();
        }
    }

    /// <summary>Tells a client where the silos are.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">What <see cref="AddBlindGrainClusterBackend"/> returned.</param>
    /// <param name="gateways">Development: the silos' gateway endpoints; the other backends know them.</param>
    public static IClientBuilder UseBlindGrainClustering(this IClientBuilder client, ClusterBackendOptions options, IPEndPoint[] gateways)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        switch (options.Backend)
        {
            case ClusterBackend.Redis:
                var redis = new RedisServer(options.ReadConnectionString());
                return client.UseRedisClustering(o => o.ConfigurationOptions = redis.Configuration);
            case ClusterBackend.PostgreSql:
                return client.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringClientOptions> o) => o.Configure<PostgreSqlDatabase>(
                    (orleans, database) => (orleans.Invariant, orleans.DataSource) = ("Npgsql", database.DataSource)));
            default:
                return client.UseStaticClustering(gateways);
        }
    }

    /// <summary>Makes or updates the backend's tables, where it has any, and says what was done.</summary>
    /// <exception cref="OptionsValidationException">A setting cannot work.</exception>
    /// <exception cref="ClusterUnavailableException">The server cannot be used.</exception>
    public static async Task<string> MigrateAsync(IConfiguration configuration, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ClusterBackendOptions options = ClusterConfiguration.Read(configuration);
        if (options.Backend != ClusterBackend.PostgreSql)
        {
            return $"Backend {options.Backend} has no tables: there is nothing to migrate.";
        }

        await using PostgreSqlDatabase database = OpenDatabase(options, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        await database.CheckAsync(mayMigrate: true, cancellation);
        return $"{database.Description} has the tables of version {PostgreSqlSchema.Version}.";
    }

    private static PostgreSqlDatabase OpenDatabase(ClusterBackendOptions options, ILoggerFactory loggers) =>
        new(options.ReadConnectionString(), options.Schema, loggers.CreateLogger<PostgreSqlDatabase>());
}
