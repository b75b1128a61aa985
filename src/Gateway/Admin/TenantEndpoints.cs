using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Quotas;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Admin;

/// <summary>Tenants, for administrators: made, disabled, given quotas, deleted.</summary>
internal static class TenantEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/v2/admin/tenants", List).WithName("list_tenants").WithSummary("Lists tenants").Requires(CredentialRole.Admin);
        _ = routes.MapPut("/v2/admin/tenants/{tenant}", Put).WithName("put_tenant").WithSummary("Makes a tenant, or sets whether it is disabled and its quotas").WithMetadata(new RequestSizeLimitAttribute(64 << 10)).Requires(CredentialRole.Admin);
        _ = routes.MapGet("/v2/admin/tenants/{tenant}", Get).WithName("get_tenant").WithSummary("A tenant, its quotas and its use").Requires(CredentialRole.Admin);
        _ = routes.MapDelete("/v2/admin/tenants/{tenant}", Delete).WithName("delete_tenant").WithSummary("Deletes a disabled tenant with all it has").Requires(CredentialRole.Admin);
    }

    /// <summary>A tenant that administrators have made.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<TenantRecord> Find(AccessDirectory directory, string tenant)
    {
        await directory.Refresh();
        return directory.FindTenant(tenant) ?? throw ProblemException.NotFound(ErrorCodes.TenantNotFound, $"There is no tenant '{tenant}'. PUT /v2/admin/tenants/{tenant} makes one; one that only settings name is not listed before.");
    }

    private static async Task<TenantListDocument> List(HttpContext context, AccessDirectory directory)
    {
        var page = Page.Of(context);
        await directory.Refresh();
        (string[] ids, string? next) = page.Cut([.. directory.Snapshot.Tenants.Select(t => t.Tenant)]);
        return new TenantListDocument([.. ids.Select(id => TenantDocument.From(directory.FindTenant(id)!))], next);
    }

    private static async Task<IResult> Put(HttpContext context, string tenant, TenantSettings settings, AccessDirectory directory, IGrainFactory grains)
    {
        GatewayRequest.RequireId("tenant", tenant);
        if (settings.Disabled && tenant == context.Tenant())
        {
            throw ProblemException.Conflict(ErrorCodes.TenantActive, "This is your own tenant: disabled, it would lock you out. Use a credential of another one.");
        }

        TenantQuotas quotas = settings.Quotas?.ToQuotas() ?? new TenantQuotas();
        if (quotas.Faults().FirstOrDefault() is { } fault)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, fault);
        }

        AccessOutcome outcome = await directory.Grain.PutTenant(tenant, settings.Disabled);
        if (outcome == AccessOutcome.Full)
        {
            throw ProblemException.Conflict(ErrorCodes.TooMany, $"There are {IAccessGrain.MostTenants} tenants, the most that there may be.");
        }

        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).SetQuotas(quotas);
        TenantDetails details = await Describe(await Find(directory, tenant), grains);
        return outcome == AccessOutcome.Created ? Results.Created($"/v2/admin/tenants/{tenant}", details) : Results.Ok(details);
    }

    private static async Task<TenantDetails> Get(string tenant, AccessDirectory directory, IGrainFactory grains) => await Describe(await Find(directory, tenant), grains);

    private static async Task<IResult> Delete(string tenant, AccessDirectory directory, IGrainFactory grains, IOptions<GatewayOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        TenantRecord record = await Find(directory, tenant);
        if (!record.Disabled)
        {
            throw ProblemException.Conflict(ErrorCodes.TenantActive, $"The tenant '{tenant}' is in use. Disable it first (PUT with {{\"disabled\": true}}); what it has is deleted with it.");
        }

        if (options.Value.ApiKeys.Any(k => k.Tenant == tenant))
        {
            throw ProblemException.Conflict(ErrorCodes.TenantActive, $"This gateway's settings have a key of tenant '{tenant}', which would make it anew. Remove it there (Gateway:ApiKeys or the key file) and restart the gateways.");
        }

        // Until every gateway knows that it is disabled something new may arrive.
        TimeSpan rest = record.Changed + GatewayOptions.LongestCredentialRefresh - time.GetUtcNow();
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellation);
        }

        ITenantRemovalGrain removal = grains.GetGrain<ITenantRemovalGrain>(GrainKeys.Tenant(tenant));
        while (await removal.DeleteSome() > 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).SetQuotas(new TenantQuotas());
        _ = await directory.Grain.RemoveTenant(tenant);
        await directory.Refresh();
        return Results.NoContent();
    }

    private static async Task<TenantDetails> Describe(TenantRecord tenant, IGrainFactory grains)
    {
        TenantUse use = await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant.Tenant)).GetUse();
        return new TenantDetails(tenant.Tenant, tenant.Disabled, tenant.Created, tenant.Changed, QuotaSettings.From(use.Overrides), QuotasDocument.From(use));
    }
}
