using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <inheritdoc cref="ITenantRemovalGrain"/>
[GrainType("tenantremoval")]
internal sealed class TenantRemovalGrain : Grain, ITenantRemovalGrain
{
    /// <summary>What one call deletes: each takes some writes and deletions, and a call is to end long before its time-out.</summary>
    private const int AtOnce = 20;

    public async Task<int> DeleteSome()
    {
        string name = GrainName.Parts(this, 1)[0];
        ITenantGrain tenant = GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(name));

        // Jobs first: they use the others.
        var items = new List<TenantItem>();
        foreach (TenantItemKind kind in new[] { TenantItemKind.Job, TenantItemKind.KeySet, TenantItemKind.ModelUpload, TenantItemKind.Model })
        {
            items.AddRange(await tenant.List(kind));
        }

        foreach (TenantItem item in items.Take(AtOnce))
        {
            await DeleteAsync(name, item);
            await tenant.Remove(item);
        }

        return Math.Max(0, items.Count - AtOnce);
    }

    private async Task DeleteAsync(string tenant, TenantItem item)
    {
        string[] parts = item.Id.Split('/');
        switch (item.Kind)
        {
            case TenantItemKind.Job:
                _ = await GrainFactory.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, item.Id)).Cancel();
                _ = await GrainFactory.GetGrain<IExpiring>(new SweepSubject(item.Kind, tenant, item.Id).Grain).Expire(TimeSpan.Zero);
                break;
            case TenantItemKind.KeySet:
                await GrainFactory.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, item.Id)).Delete();
                break;
            case TenantItemKind.ModelUpload:
                await GrainFactory.GetGrain<IModelUploadGrain>(GrainKeys.Model(tenant, parts[0], parts[1])).Delete(null);
                break;
            default:
                await GrainFactory.GetGrain<IModelGrain>(GrainKeys.Model(tenant, parts[0], parts[1])).Delete();
                break;
        }
    }
}
