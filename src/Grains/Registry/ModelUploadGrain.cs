using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of a model's upload.</summary>
internal sealed class ModelUploadState
{
    public ModelUploadInfo? Info { get; set; }
}

/// <inheritdoc cref="IModelUploadGrain"/>
[GrainType("modelupload")]
internal sealed class ModelUploadGrain([PersistentState("state")] IPersistentState<ModelUploadState> state, IBlobStore blobs, TimeProvider time) : Grain, IModelUploadGrain, IExpiring
{
    private string[] _name = [];

    private TenantItem Item => new(TenantItemKind.ModelUpload, $"{_name[1]}/{_name[2]}") { Size = state.State.Info?.Bytes ?? 0 };

    private ITenantGrain Tenant => GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_name[0]));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = GrainName.Parts(this, 3);
        return Task.CompletedTask;
    }

    public async Task<bool> Create(ModelUploadInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (state.State.Info is { } present)
        {
            return present.Sha256 == info.Sha256 && present.Bytes == info.Bytes;
        }

        // Counted first: a reservation without an upload is found by the sweeper, an upload that nobody counts is not.
        await Tenant.Reserve(Item with { Size = info.Bytes });

        // A chunk may have arrived while an earlier upload of this name was being discarded. Cleared here, where one announcement is handled at a time.
        await blobs.DeleteAllAsync(BlobNames.ModelUpload(_name[0], _name[1], _name[2]));
        state.State.Info = info;
        await this.StoreAsync(state);
        return true;
    }

    public Task<ModelUploadInfo?> Get() => Task.FromResult(state.State.Info);

    public async Task Delete(string? sha256)
    {
        if (sha256 is not null && state.State.Info is { } info && info.Sha256 != sha256)
        {
            return;
        }

        // The list last: by it the sweeper finds a deletion that broke off.
        await blobs.DeleteAllAsync(BlobNames.ModelUpload(_name[0], _name[1], _name[2]));
        if (state.RecordExists)
        {
            await state.ClearStateAsync();
        }

        await Tenant.Remove(Item);
    }

    public async Task<ExpiryAnswer> Expire(TimeSpan age)
    {
        if (state.State.Info is not { } info)
        {
            return ExpiryAnswer.Nothing;
        }

        if (info.Created + age is var due && due > time.GetUtcNow())
        {
            return ExpiryAnswer.NotBefore(due);
        }

        await Delete(info.Sha256);
        return ExpiryAnswer.Expired;
    }
}
