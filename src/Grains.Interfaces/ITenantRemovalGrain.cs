namespace BlindGrain.Grains.Interfaces;

/// <summary>Deletes what a tenant has; key <see cref="GrainKeys.Tenant"/>.</summary>
[Alias("BlindGrain.ITenantRemovalGrain")]
public interface ITenantRemovalGrain : IGrainWithStringKey
{
    /// <summary>Cancels and deletes some of the tenant's jobs, key sets and models, with their blobs, for a few seconds at most.</summary>
    /// <returns>How many things are left: call again until there are none.</returns>
    [Alias("DeleteSome")]
    Task<int> DeleteSome();
}
