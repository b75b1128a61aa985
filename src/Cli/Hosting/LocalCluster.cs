using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Cli.Hosting;

/// <summary>A silo and a gateway in this process, with storage in a folder.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalCluster(WebApplication app, string? newApiKey, string apiKeyFile)
    {
        _app = app;
        NewApiKey = newApiKey;
        ApiKeyFile = apiKeyFile;
        Addresses = [.. app.Urls];
    }

    /// <summary>Where the gateway listens.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The API key that was made for this folder at this start; null where the folder had one already (only its hash is kept).</summary>
    public string? NewApiKey { get; }

    /// <summary>Where the hashes of the API keys are kept.</summary>
    public string ApiKeyFile { get; }

    /// <summary>Starts the cluster; it answers when the task ends.</summary>
    /// <exception cref="CommandException">A setting cannot work, or an address is in use.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterSettings settings, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        string apiKeyFile = Path.Combine(settings.Folder, "api-keys.json");
        (IReadOnlyList<ApiKeyOptions> credentials, string? newApiKey) = LoadKeys(apiKeyFile);
        _ = builder.Configuration.AddInMemoryCollection(Configuration(settings, credentials));
        _ = builder.WebHost.UseUrls(settings.Urls);
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(15));
        bool started = false;
        try
        {
            // Before the silo: it may add an exporter of logs, which stays.
            _ = builder.Logging.ClearProviders();
            _ = builder.AddBlindGrainSilo(builder.Configuration);
            _ = builder.AddBlindGrainGateway();
            AddLogging(builder.Logging, settings.Quiet);
            WebApplication app = builder.Build();
            _ = app.MapBlindGrainGateway();
            await app.StartAsync(cancellation);
            started = true;
            return new LocalCluster(app, newApiKey, apiKeyFile);
        }
        catch (OptionsValidationException e)
        {
            throw CommandException.BadInput(string.Join(' ', e.Failures), e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw CommandException.Server($"The server cannot start at {settings.Urls}: {e.Message}", e);
        }
        finally
        {
            if (!started && newApiKey is not null)
            {
                // Nobody has seen this key, so nobody could ever use it.
                File.Delete(apiKeyFile);
            }
        }
    }

    /// <summary>Waits until the process is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Stops the gateway, then the silo, within seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static (IReadOnlyList<ApiKeyOptions> Credentials, string? NewKey) LoadKeys(string file)
    {
        try
        {
            return Gateway.Security.ApiKeyFile.LoadOrCreate(file);
        }
        catch (InvalidDataException e)
        {
            throw CommandException.BadInput(e.Message, e);
        }
    }

    private static Dictionary<string, string?> Configuration(LocalClusterSettings settings, IReadOnlyList<ApiKeyOptions> credentials)
    {
        int[] ports = FreePorts(2);
        var values = new Dictionary<string, string?>
        {
            ["Storage:Backend"] = "FileSystem",
            ["Storage:Folder"] = settings.Folder,
            ["Cluster:Backend"] = "Development",
            ["Silo:Address"] = "127.0.0.1",
            ["Silo:SiloPort"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = ports[1].ToString(CultureInfo.InvariantCulture),
        };
        for (int i = 0; i < credentials.Count; i++)
        {
            values[$"Gateway:ApiKeys:{i}:Tenant"] = credentials[i].Tenant;
            values[$"Gateway:ApiKeys:{i}:Sha256"] = credentials[i].Sha256;
            values[$"Gateway:ApiKeys:{i}:Role"] = credentials[i].Role;
        }

        if (settings.WorkerThreads is { } threads)
        {
            values["Worker:Threads"] = threads.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    /// <summary>Logs to standard error: standard output belongs to results.</summary>
    private static void AddLogging(ILoggingBuilder logging, bool quiet)
    {
        _ = logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss "));
        _ = logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        _ = logging.SetMinimumLevel(quiet ? LogLevel.Error : LogLevel.Information);
        _ = logging.AddFilter("Microsoft", quiet ? LogLevel.Error : LogLevel.Warning);

        // A start that fails is told by the command, in one line.
        _ = logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (quiet)
        {
            // Set after the silo's own filters: of two for one category, the later counts.
            _ = logging.AddFilter("Orleans", LogLevel.Error);
            _ = logging.AddFilter("BlindGrain", LogLevel.Warning);
        }
    }

    /// <summary>Ports that nobody listened on a moment ago.</summary>
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}

/// <summary>How a <see cref="LocalCluster"/> is set up.</summary>
internal sealed record LocalClusterSettings
{
    /// <summary>Where the gateway listens, semicolon-separated; port 0 takes a free one.</summary>
    public required string Urls { get; init; }

    /// <summary>Where blobs, grain state and the API keys' hashes lie.</summary>
    public required string Folder { get; init; }

    /// <summary>Worker threads; null leaves it to the silo (one less than the cores).</summary>
    public int? WorkerThreads { get; init; }

    /// <summary>Whether only warnings of our own and errors are logged.</summary>
    public bool Quiet { get; init; }
}
