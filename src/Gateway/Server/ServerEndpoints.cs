using BlindGrain.Gateway.Errors;

namespace BlindGrain.Gateway.Server;

/// <summary>Server metadata and health, open to everybody (Open Inference Protocol v2).</summary>
internal static class ServerEndpoints
{
    private static readonly string s_version = typeof(ServerEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/v2", () => new ServerMetadata("blindgrain", s_version, ["binary_tensor_data"]))
            .WithName("server_metadata").WithSummary("Name, version and extensions of the server").AllowAnonymous();
        _ = routes.MapGet("/v2/health/live", () => new Liveness(true)).WithName("server_live").WithSummary("Whether the process answers").AllowAnonymous().DisableRateLimiting();
        _ = routes.MapGet("/v2/health/ready", Ready).WithName("server_ready").WithSummary("Whether a silo answers").AllowAnonymous().DisableRateLimiting();
    }

    private static async Task<Readiness> Ready(ClusterReadiness cluster, CancellationToken cancellation) => await cluster.AnswersAsync(cancellation)
        ? new Readiness(true)
        : throw new ProblemException(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ClusterUnavailable, "No silo answers.");

    private sealed record ServerMetadata(string Name, string Version, string[] Extensions);

    private sealed record Liveness(bool Live);

    private sealed record Readiness(bool Ready);
}
