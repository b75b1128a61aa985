using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Models;

/// <summary>What a model computes, step by step, for people and pages.</summary>
internal static class CircuitEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        _ = routes.MapGet("/v2/models/{model}/versions/{version}/circuit", Get).WithName("model_circuit").WithSummary("What a version computes, step by step").Requires(CredentialRole.Client);

    private static Task<CircuitDocument> Get(HttpContext context, string model, string version, CircuitDirectory circuits) =>
        circuits.Find(context.Tenant(), model, version, context.RequestAborted);
}
