using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BlindGrain.Management;

/// <summary>Asks a running process, by the same settings, whether it is ready: for images without a shell, whose health checks can only run the program itself.</summary>
public static class HealthProbe
{
    /// <summary>The switch that a program takes for this.</summary>
    public const string Switch = "--probe";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks, and says on standard error why not where the answer is no.</summary>
    /// <returns>The exit code: 0 ready, 1 not.</returns>
    /// <exception cref="OptionsValidationException">The section "Management" of <paramref name="configuration"/> names no port, or one that cannot work.</exception>
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ManagementOptions options = ManagementHosting.Read(configuration);
        if (options.Port == 0)
        {
            throw new OptionsValidationException(ManagementOptions.Section, typeof(ManagementOptions), [$"{ManagementOptions.Section}:Port is not set, so there is nobody to ask."]);
        }

        var address = IPAddress.Parse(options.Address);
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            address = address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        }

        using var http = new HttpClient { Timeout = s_patience };
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri($"http://{new IPEndPoint(address, options.Port)}{ManagementOptions.ReadyPath}"));
            if (response.IsSuccessStatusCode)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync(await response.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return 1;
    }
}
