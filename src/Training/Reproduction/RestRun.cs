using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlindGrain.Client;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Execution;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Training.Reproduction;

/// <summary>Encrypted inferences through REST: a gateway and a silo in this process, in a folder that is deleted at the end.</summary>
internal static class RestRun
{
    private const string Version = "1";

    /// <summary>Deploys the model, uploads keys, and predicts one sample after the other; the first one, for which the silo expands the keys, is run once more untimed before.</summary>
    /// <returns>The integers of each sample, and the seconds from clear input to clear output.</returns>
    public static async Task<(long[][] Results, double[] Seconds)> RunAsync(CompiledModel model, float[][] samples, int threads, Action<int>? progress, CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"blindgrain-reproduce-{Guid.NewGuid():N}");
        try
        {
            (WebApplication app, string apiKey) = await StartAsync(folder, threads, cancellation);
            await using (app)
            {
                using var client = new BlindGrainClient(new Uri(app.Urls.First()), apiKey);
                using var file = new MemoryStream();
                model.Write(file);
                ModelMetadata metadata = await client.PushModelAsync(model.Circuit.Name, Version, file.ToArray(), cancellation);
                StoredKey key = new KeyStore(Path.Combine(folder, "client")).FindOrCreate(model.Parameters);
                var session = new BlindGrainSession(client, metadata.Name, Version, model, key.Key, key.KeySet);
                _ = await session.EnsureKeySetAsync(cancellation: cancellation);
                _ = await session.PredictAsync(samples[0], cancellation: cancellation);
                var results = new long[samples.Length][];
                var seconds = new double[samples.Length];
                for (int i = 0; i < samples.Length; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    results[i] = (await session.PredictAsync(samples[i], cancellation: cancellation)).Integers;
                    seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                    progress?.Invoke(i + 1);
                }

                await app.StopAsync(cancellation);
                return (results, seconds);
            }
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<(WebApplication App, string ApiKey)> StartAsync(string folder, int threads, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        (IReadOnlyList<ApiKeyOptions> credentials, string? apiKey) = ApiKeyFile.LoadOrCreate(Path.Combine(folder, "api-keys.json"));
        _ = builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Backend"] = "FileSystem",
            ["Storage:Folder"] = Path.Combine(folder, "server"),
            ["Silo:Address"] = "127.0.0.1",
            ["Silo:SiloPort"] = FreePort(),
            ["Silo:GatewayPort"] = FreePort(),
            ["Gateway:ApiKeys:0:Tenant"] = credentials[0].Tenant,
            ["Gateway:ApiKeys:0:Sha256"] = credentials[0].Sha256,
            ["Worker:Threads"] = threads.ToString(CultureInfo.InvariantCulture),
        });
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        _ = builder.AddBlindGrainSilo(builder.Configuration);
        _ = builder.AddBlindGrainGateway();
        _ = builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        _ = app.MapBlindGrainGateway();
        await app.StartAsync(cancellation);
        return (app, apiKey!);
    }

    /// <summary>A port that nobody listened on a moment ago.</summary>
    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
