using BlindGrain.Clustering;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Management;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway;

/// <summary>
/// The gateway as a process of its own: REST in front of silos that run elsewhere. With --probe it asks the gateway that runs with the same settings
/// whether it is ready (exit code 0 or 1). It ends with 2 where a setting cannot work and with 3 where the cluster's backend cannot be used.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            // A switch without a value: the configuration would take the next argument for it.
            WebApplicationBuilder builder = WebApplication.CreateBuilder([.. args.Where(a => a != HealthProbe.Switch)]);
            if (args.Contains(HealthProbe.Switch))
            {
                return await HealthProbe.RunAsync(builder.Configuration);
            }

            await RunAsync(builder);
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
        string path = configuration[$"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeyFile)}"] ?? Path.Combine(configuration["Storage:Folder"] ?? "./data", "api-keys.json");
        (IReadOnlyList<ApiKeyOptions> credentials, string? newKey) = ApiKeyFile.LoadOrCreate(path);
        _ = configuration.AddInMemoryCollection(credentials.SelectMany((c, i) => new KeyValuePair<string, string?>[]
        {
            new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}:{i}:{nameof(ApiKeyOptions.Tenant)}", c.Tenant),
            new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}:{i}:{nameof(ApiKeyOptions.Sha256)}", c.Sha256),
            new($"{GatewayOptions.Section}:{nameof(GatewayOptions.ApiKeys)}:{i}:{nameof(ApiKeyOptions.Role)}", c.Role),
        }));
        if (newKey is not null)
        {
            Console.WriteLine($"API key of tenant 'default', shown only now: {newKey}");
        }
    }
}
