using BlindGrain.Clustering;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway;

/// <summary>The gateway as a process of its own: REST in front of silos that run elsewhere.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            await RunAsync(WebApplication.CreateBuilder(args));
            return 0;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, e.Failures));
            return 2;
        }
        catch (ClusterUnavailableException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 3;
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static async Task RunAsync(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            _ = builder.WebHost.UseUrls("http://127.0.0.1:8080");
        }

        if (!builder.Configuration.GetSection($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}").GetChildren().Any())
        {
            AddKeysFromFile(builder.Configuration);
        }

        // A start that fails is told in one line.
        _ = builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _ = builder.AddBlindGrainGateway().AddBlindGrainClusterClient();
        WebApplication app = builder.Build();
        _ = app.MapBlindGrainGateway();
        await app.RunAsync();
    }

    /// <summary>Takes the credentials from "Gateway:ApiKeyFile", which is made with a fresh key, shown once, where it does not exist.</summary>
    private static void AddKeysFromFile(ConfigurationManager configuration)
    {
        string path = configuration[$"{GatewayOptions.Section}:ApiKeyFile"] ?? Path.Combine(configuration["Storage:Folder"] ?? "./data", "api-keys.json");
        (IReadOnlyList<ApiKeyOptions> credentials, string? newKey) = ApiKeyFile.LoadOrCreate(path);
        _ = configuration.AddInMemoryCollection(credentials.SelectMany((c, i) => new KeyValuePair<string, string?>[]
        {
            new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}:{i}:{nameof(ApiKeyOptions.Tenant)}", c.Tenant),
            new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}:{i}:{nameof(ApiKeyOptions.Sha256)}", c.Sha256),
        }));
        if (newKey is not null)
        {
            Console.WriteLine($"API key of tenant 'default', shown only now: {newKey}");
        }
    }
}
