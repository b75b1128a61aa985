using System.Net;
using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;

namespace BlindGrain.Gateway.Dashboard;

/// <summary>
/// Orleans' dashboard on a listener of its own, so that who may reach it is a matter of networks too. It is a web server inside the host; what it shows comes from the silos, through this gateway's
/// own connection.
/// </summary>
internal sealed class DashboardServer(
    IOptions<DashboardListenerOptions> options, IGrainFactory grains, CredentialCheck credentials, AccessDirectory directory, AuditTrail trail, TimeProvider time, ILoggerFactory loggers) : IHostedService
{
    private WebApplication? _app;

    /// <summary>Where it listens; null where it does not.</summary>
    public Uri? Address => _app?.Urls.Select(u => new Uri(u)).SingleOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Port == 0)
        {
            return;
        }

        // Nothing of the host's configuration: its "urls", for one, are not meant for this server.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Parse(options.Value.Address), options.Value.Port);
        });
        _ = builder.Services.AddRoutingCore().AddSingleton(grains).AddSingleton(credentials).AddSingleton(directory).AddSingleton(trail).AddSingleton(time);
        _ = new DashboardClient(builder.Services, builder.Configuration).AddDashboard(dashboard => dashboard.HideTrace = true);

        // The host's log in place of what the dashboard has for its live log.
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.AddSingleton(loggers);
        _app = builder.Build();
        _ = _app.UseMiddleware<ProblemMiddleware>().UseMiddleware<DashboardGuard>();
        _ = _app.UseRouting();
        _ = _app.MapOrleansDashboard();
        await _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }

    /// <summary>Takes what the dashboard adds to a client; the connection is the host's.</summary>
    private sealed record DashboardClient(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
