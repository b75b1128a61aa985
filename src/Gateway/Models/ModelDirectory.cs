using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Models;

/// <summary>Finds a tenant's models.</summary>
internal sealed class ModelDirectory(IGrainFactory grains)
{
    /// <summary>The versions of all the tenant's models, as "name/version", oldest first.</summary>
    public async Task<IReadOnlyList<string>> List(string tenant) =>
        [.. (await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).List(TenantItemKind.Model)).Select(i => i.Id)];

    /// <summary>The versions of one model, oldest first.</summary>
    public async Task<string[]> Versions(string tenant, string model) =>
        [.. (await List(tenant)).Select(ModelVersionDocument.Parse).Where(m => m.Name == model).Select(m => m.Version)];

    /// <summary>One model; the newest version where none is named.</summary>
    /// <exception cref="ProblemException">There is none, for this tenant.</exception>
    public async Task<ModelInfo> Find(string tenant, string model, string? version)
    {
        if (GrainKeys.IsId(model) && (version is null || GrainKeys.IsId(version)))
        {
            version ??= (await Versions(tenant, model)).LastOrDefault();
            if (version is not null && await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Get() is { } info)
            {
                return info;
            }
        }

        string name = version is null ? $"'{model}'" : $"'{model}' of version '{version}'";
        throw ProblemException.NotFound(ErrorCodes.ModelNotFound, $"There is no model {name}. GET /v2/models lists yours.");
    }
}
