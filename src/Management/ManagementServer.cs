using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace BlindGrain.Management;

/// <summary>
/// The process' answers about itself: a web server of its own inside the host, so that it speaks before the host's other services have started,
/// while they stop, and where the host has no web server at all.
/// </summary>
internal sealed class ManagementServer(ManagementOptions options, HealthCheckService checks, MeterProvider meters, ILoggerFactory loggers) : IHostedService
{
    private WebApplication? _app;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Nothing of the host's configuration: its "urls", for one, are not meant for this server.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Address), options.Port);
        });
        _ = builder.Services.AddSingleton(new Forwarder(loggers)).AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<Forwarder>());
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _app = builder.Build();
        _ = _app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, null, ManagementOptions.MetricsPath, null, null);
        _app.Run(AnswerAsync);
        return _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        ManagementOptions.LivePath => AnswerAsync(context, HealthTags.Live),
        ManagementOptions.ReadyPath => AnswerAsync(context, HealthTags.Ready),
        _ => NotFoundAsync(context),
    };

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>200 where no check of the kind failed, else 503; the body names each check and what it said.</summary>
    private async Task AnswerAsync(HttpContext context, string tag)
    {
        HealthReport report = await checks.CheckHealthAsync(check => check.Tags.Contains(tag), context.RequestAborted);
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(
            string.Concat(report.Entries.Select(e => $"{e.Key}: {e.Value.Status} {e.Value.Description}".TrimEnd() + "\n").Prepend($"{report.Status}\n")), context.RequestAborted);
    }

    /// <summary>Hands this server's messages to the host's log.</summary>
    private sealed class Forwarder(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
