using System.Text.Json;
using BlindGrain.Clustering.Hosting;
using BlindGrain.Gateway.Admin;
using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Dashboard;
using BlindGrain.Gateway.Documents;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Inference;
using BlindGrain.Gateway.Jobs;
using BlindGrain.Gateway.KeySets;
using BlindGrain.Gateway.Limits;
using BlindGrain.Gateway.Models;
using BlindGrain.Gateway.Quotas;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Gateway.WebConsole;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Management;
using BlindGrain.Storage.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace BlindGrain.Gateway.Hosting;

/// <summary>Adds the gateway to a host: one of its own, or one that runs a silo too.</summary>
public static class GatewayHosting
{
    /// <summary>Requests by route and status, their duration, connections: ASP.NET Core's own measurements.</summary>
    private static readonly string[] s_meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>
    /// Adds the gateway's services, by the sections "Gateway", "Storage", "Dashboard" and "Management" of the configuration. The host must also have an Orleans
    /// client (<see cref="AddBlindGrainClusterClient"/>) or a silo. Settings that cannot work fail the host's start.
    /// </summary>
    public static WebApplicationBuilder AddBlindGrainGateway(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        _ = services.AddBlindGrainManagement(builder.Configuration, "blindgrain-gateway", s_meters, []).AddCheck<ClusterReadiness>("cluster", tags: [HealthTags.Ready]);
        _ = services.AddBlindGrainStorage(builder.Configuration);
        _ = services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        _ = services.AddSingleton<AccessDirectory>().AddHostedService(provider => provider.GetRequiredService<AccessDirectory>());
        _ = services.AddSingleton<CredentialCheck>().AddSingleton<AuditTrail>().AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
        _ = services.AddSingleton<ClusterReadiness>().AddSingleton<ModelDirectory>().AddSingleton<ModelRegistrar>().AddSingleton<ModelUploadCommitter>().AddSingleton<ChunkUploads>().AddSingleton<KeySetCommitter>().AddSingleton<JobSubmitter>();

        _ = services.AddOptions<HostOptions>().Configure<IOptions<GatewayOptions>>((host, gateway) => host.ShutdownTimeout = gateway.Value.ShutdownTimeout);

        // The core services only: the full ones bring data protection, which writes key files that nothing here needs.
        string scheme = services.AddOidcTokens(builder.Configuration);
        _ = services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = scheme;
            authentication.AddScheme<ApiKeyAuthenticationHandler>(ApiKeyAuthenticationHandler.SchemeName, null);
        });
        _ = services.AddWebEncoders().AddTransient<ApiKeyAuthenticationHandler>();
        _ = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new RoleRequirement(CredentialRole.Client)).Build());
        _ = services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        _ = services.AddOptions<DashboardListenerOptions>().Bind(builder.Configuration.GetSection(DashboardListenerOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DashboardListenerOptions>, DashboardListenerOptionsValidator>());
        _ = services.AddSingleton<DashboardServer>().AddHostedService(provider => provider.GetRequiredService<DashboardServer>());
        _ = services.AddRequestLimits().AddWebConsole(builder.Configuration);

        // A body or argument that cannot be read is told to its sender, in every environment.
        _ = services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        _ = services.AddOpenApiDescription();
        _ = builder.Logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Microsoft.Orleans", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _ = builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;

            // Each route sets its own, smaller bound. A body refused by its length is still read off the wire for some seconds, so
            // that its sender gets to see why; beyond this it is cut off.
            kestrel.Limits.MaxRequestBodySize = 1 << 30;
        });
        return builder;
    }

    /// <summary>Connects the host to the silos that the section "Cluster" leads to, or else "Gateway:Cluster" names.</summary>
    public static WebApplicationBuilder AddBlindGrainClusterClient(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ClusterClientOptions options = builder.Configuration.GetSection(ClusterClientOptions.Section).Get<ClusterClientOptions>() ?? new ClusterClientOptions();
        ClusterBackendOptions backend = builder.Services.AddBlindGrainClusterBackend(builder.Configuration, isSilo: false);
        _ = builder.UseOrleansClient(client =>
        {
            _ = client.UseBlindGrainClustering(backend, options.Endpoints());
            _ = client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });

            // A call to a silo that was killed hangs for this long; all calls made here are short, and those who called are told to come again.
            _ = client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(4));

            // A silo that hangs keeps its connections open: calls go through it until the list says that it is gone.
            _ = client.Configure<Orleans.Configuration.GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            _ = client.UseConnectionRetryFilter<PatientConnection>();
        });
        return builder;
    }

    /// <summary>Maps the REST surface.</summary>
    public static WebApplication MapBlindGrainGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        _ = app.UseMiddleware<AuditMiddleware>();
        _ = app.UseMiddleware<ProblemMiddleware>();
        _ = app.UseRouting();
        _ = app.UseAuthentication();
        _ = app.UseRateLimiter();
        _ = app.UseMiddleware<TenantGate>();
        _ = app.UseAuthorization();
        ServerEndpoints.Map(app);
        ModelEndpoints.Map(app);
        ModelUploadEndpoints.Map(app);
        KeySetEndpoints.Map(app);
        InferEndpoints.Map(app);
        JobEndpoints.Map(app);
        QuotaEndpoints.Map(app);
        TenantEndpoints.Map(app);
        CredentialEndpoints.Map(app);
        app.MapWebConsole();
        _ = app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        ReferencePage.Map(app);
        return app;
    }
}
