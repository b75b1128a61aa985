using BlindGrain.Gateway.Cluster;
using BlindGrain.Gateway.Models;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.WebConsole;

/// <summary>The console: a page under /console that shows a tenant what it has, and the routes that were made for it.</summary>
internal static class ConsoleHosting
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds what the routes need, by the section "Console" of the configuration.</summary>
    public static IServiceCollection AddWebConsole(this IServiceCollection services, IConfiguration configuration)
    {
        _ = services.AddOptions<ConsoleOptions>().Bind(configuration.GetSection(ConsoleOptions.Section));
        return services.AddSingleton<CircuitDirectory>().AddSingleton<ClusterView>();
    }

    /// <summary>Maps the routes and the console's files.</summary>
    public static void MapWebConsole(this IEndpointRouteBuilder routes)
    {
        ConsoleOptions options = routes.ServiceProvider.GetRequiredService<IOptions<ConsoleOptions>>().Value;
        CircuitEndpoints.Map(routes);
        if (options.ShowCluster)
        {
            ClusterEndpoints.Map(routes);
        }

        if (options.Enabled)
        {
            MapFiles(routes);
        }
    }

    private static void MapFiles(IEndpointRouteBuilder routes)
    {
        ConsoleAsset[] assets = [.. ConsoleAsset.All()];
        foreach (ConsoleAsset asset in assets)
        {
            Map(routes, $"/console/{asset.Path}", context => Answer(context, asset));
        }

        ConsoleAsset page = assets.Single(a => a.Path == "index.html");
        Map(routes, "/console", context =>
        {
            // Routing does not tell the folder from the file that the page's relative addresses need.
            if (context.Request.Path.Value!.EndsWith('/'))
            {
                return Answer(context, page);
            }

            ConsoleHeaders.Set(context.Response.Headers);
            return Results.Redirect("console/");
        });
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Func<HttpContext, IResult> handler) =>
        _ = routes.MapMethods(path, s_methods, handler).AllowAnonymous().ExcludeFromDescription();

    private static IResult Answer(HttpContext context, ConsoleAsset asset)
    {
        ConsoleHeaders.Set(context.Response.Headers);
        return Results.Bytes(asset.Content, asset.ContentType, entityTag: asset.ETag);
    }
}
