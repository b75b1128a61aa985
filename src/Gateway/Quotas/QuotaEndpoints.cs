using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Quotas;

/// <summary>Shows a tenant what it uses.</summary>
internal static class QuotaEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        _ = routes.MapGet("/v2/quotas", Get).WithName("get_quotas").WithSummary("What you use of your quotas").Requires(CredentialRole.Client);

    private static async Task<QuotasDocument> Get(HttpContext context, IGrainFactory grains) =>
        QuotasDocument.From(await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(context.Tenant())).GetUse());
}
