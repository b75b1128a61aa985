using StackExchange.Redis;

namespace BlindGrain.Clustering.Backends;

/// <summary>The Redis server, or cluster of servers, that a connection string names.</summary>
internal sealed class RedisServer(string connectionString) : IBackendServer
{
    public const string Example = "redis.example:6379,password=SECRET,ssl=true";

    /// <summary>How to connect; goes on trying when the server is away for a while.</summary>
    public ConfigurationOptions Configuration { get; } = Parse(connectionString);

    public string Description => $"Redis at {string.Join(", ", Configuration.EndPoints.Select(EndPointCollection.ToString))}";

    public static bool CanRead(string connectionString)
    {
        try
        {
            return Parse(connectionString).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    public async Task CheckAsync(bool mayMigrate, CancellationToken cancellation)
    {
        ConfigurationOptions once = Configuration.Clone();
        once.AbortOnConnectFail = true;
        once.ConnectRetry = 1;
        try
        {
            ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(once).WaitAsync(cancellation);
            await using (connection.ConfigureAwait(false))
            {
                _ = await connection.GetDatabase().PingAsync().WaitAsync(cancellation);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new ClusterUnavailableException(
                $"{Description} cannot be used: {e.Message} Check that the server runs, and address, password and ssl in Cluster:ConnectionString.", e);
        }
    }

    private static ConfigurationOptions Parse(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.ClientName ??= "blindgrain";

        // The multiplexer reconnects by itself, at a start as later.
        options.AbortOnConnectFail = false;
        return options;
    }
}
