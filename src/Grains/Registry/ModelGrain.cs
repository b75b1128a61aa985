using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of a model.</summary>
internal sealed class ModelState
{
    public ModelInfo? Info { get; set; }
}

/// <inheritdoc cref="IModelGrain"/>
[GrainType("model")]
internal sealed class ModelGrain([PersistentState("state")] IPersistentState<ModelState> state, IBlobStore blobs) : Grain, IModelGrain
{
    private string[] _name = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = GrainName.Parts(this, 3);
        return Task.CompletedTask;
    }

    public async Task<bool> Register(ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Model != _name[1] || info.Version != _name[2])
        {
            throw new ArgumentException($"Model {info.Model}/{info.Version} is not registered under {_name[1]}/{_name[2]}.", nameof(info));
        }

        if (state.State.Info is { } present)
        {
            return present.Sha256 == info.Sha256;
        }

        try
        {
            await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_name[0])).Reserve(new TenantItem(TenantItemKind.Model, $"{_name[1]}/{_name[2]}"));
        }
        catch (QuotaExceededException)
        {
            await blobs.DeleteAsync(BlobNames.Model(_name[0], _name[1], _name[2]));
            throw;
        }

        state.State.Info = info;
        await this.StoreAsync(state);
        return true;
    }

    public Task<ModelInfo?> Get() => Task.FromResult(state.State.Info);

    public async Task Delete()
    {
        // The file first: a deletion that breaks off is finished by the next one.
        await blobs.DeleteAsync(BlobNames.Model(_name[0], _name[1], _name[2]));
        if (state.RecordExists)
        {
            await state.ClearStateAsync();
        }
    }
}
