using BlindGrain.Clustering;
using BlindGrain.Clustering.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace BlindGrain.Silo;

/// <summary>
/// A silo on its own: settings from appsettings.json, the environment and the command line; with --migrate it only makes the tables
/// of membership and reminders. It ends with 2 where a setting cannot work and with 3 where the cluster's backend cannot be used.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // A switch without a value: the configuration would take the next argument for it.
        bool migrate = args.Contains("--migrate");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder([.. args.Where(a => a != "--migrate")]);
        _ = builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });

        // A start that fails is told below, in one line.
        _ = builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        try
        {
            if (migrate)
            {
                Console.WriteLine(await ClusteringHosting.MigrateAsync(builder.Configuration));
                return 0;
            }

            _ = builder.AddBlindGrainSilo(builder.Configuration);
            using IHost host = builder.Build();
            await host.RunAsync();
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
    }
}
