using BlindGrain.Clustering;
using BlindGrain.Clustering.Hosting;
using BlindGrain.Management;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace BlindGrain.Silo;

/// <summary>
/// A silo on its own: settings from appsettings.json, the environment and the command line; with --migrate it only makes the tables
/// of membership and reminders, and with --probe it asks the silo that runs with the same settings whether it is ready (exit code 0 or 1). It ends with 2 where a setting cannot work and with 3 where the cluster's backend cannot be used.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Switches without a value: the configuration would take the next argument for it.
        bool migrate = args.Contains("--migrate");
        bool probe = args.Contains(HealthProbe.Switch);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder([.. args.Where(a => a is not ("--migrate" or HealthProbe.Switch))]);
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
            if (probe)
            {
                return await HealthProbe.RunAsync(builder.Configuration);
            }

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
