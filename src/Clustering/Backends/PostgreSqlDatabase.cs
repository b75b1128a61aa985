using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlindGrain.Clustering.Backends;

/// <summary>The PostgreSQL database and schema that a connection string and a setting name.</summary>
internal sealed class PostgreSqlDatabase : IBackendServer, IAsyncDisposable, IDisposable
{
    public const string Example = "Host=db.example;Database=blindgrain;Username=blindgrain;Password=SECRET;SSL Mode=VerifyFull";

    private readonly PostgreSqlSchema _schema;
    private readonly string _server;
    private readonly ILogger _logger;

    public PostgreSqlDatabase(string connectionString, string schema, ILogger logger)
    {
        // Everything lies in one schema, which Orleans' unqualified query for its queries finds through the search path.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema };
        settings.ApplicationName ??= "blindgrain";
        _server = $"PostgreSQL at {settings.Host}:{settings.Port}, database '{settings.Database ?? settings.Username}', user '{settings.Username}'";
        _schema = new PostgreSqlSchema(schema);
        _logger = logger;
        DataSource = NpgsqlDataSource.Create(settings);
    }

    /// <summary>The pool of connections, for Orleans too.</summary>
    public NpgsqlDataSource DataSource { get; }

    public string Description => $"{_server}, schema '{_schema.Name}'";

    public static bool CanRead(string connectionString)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            return false;
        }
    }

    public async Task CheckAsync(bool mayMigrate, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlConnection connection = await DataSource.OpenConnectionAsync(cancellation);
            int version = await _schema.ReadVersionAsync(connection, cancellation);
            if (version > PostgreSqlSchema.Version)
            {
                throw new ClusterUnavailableException($"{Description} has tables of version {version}, made by a newer BlindGrain; this one knows version {PostgreSqlSchema.Version}. Use the newer one.");
            }

            if (version == PostgreSqlSchema.Version)
            {
                return;
            }

            if (!mayMigrate)
            {
                throw new ClusterUnavailableException($"{Description} has no tables of version {PostgreSqlSchema.Version} yet. Start a silo with Cluster:Migrate=true, or run one with --migrate.");
            }

            await _schema.MigrateAsync(connection, cancellation);
            ClusteringLog.Migrated(_logger, _schema.Name, version, PostgreSqlSchema.Version);
        }
        catch (PostgresException e)
        {
            throw new ClusterUnavailableException($"{_server} refuses: {e.SqlState} {e.MessageText}. {Advice(e)}", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new ClusterUnavailableException(
                $"{_server} cannot be reached: {e.Message}. Check that the server runs, and host, port and SSL mode in Cluster:ConnectionString.", e);
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    public void Dispose() => DataSource.Dispose();

    private string Advice(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "Check user and password in Cluster:ConnectionString.",
        PostgresErrorCodes.InvalidCatalogName => "Create the database, or check its name in Cluster:ConnectionString.",
        PostgresErrorCodes.InsufficientPrivilege => $"Let the user create and use schema '{_schema.Name}', or run a silo with --migrate as a user that may.",
        _ => "The server's log says more.",
    };
}
