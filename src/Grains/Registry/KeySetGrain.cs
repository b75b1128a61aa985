using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of a key set.</summary>
internal sealed class KeySetState
{
    public KeySetInfo? Info { get; set; }
}

/// <inheritdoc cref="IKeySetGrain"/>
[GrainType("keyset")]
internal sealed class KeySetGrain(
    [PersistentState("state")] IPersistentState<KeySetState> state,
    IBlobStore blobs,
    IWorkers workers,
    TimeProvider time,
    ILogger<KeySetGrain> logger) : Grain, IKeySetGrain, IExpiring
{
    private string[] _name = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = GrainName.Parts(this, 2);
        return Task.CompletedTask;
    }

    public async Task<bool> Create(KeySetInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.KeySet != _name[1])
        {
            throw new ArgumentException($"Key set {info.KeySet} is not created under {_name[1]}.", nameof(info));
        }

        if (state.State.Info is { } present)
        {
            return present.Sha256 == info.Sha256 && present.Bytes == info.Bytes && present.ParameterSetId == info.ParameterSetId;
        }

        // Counted first: a reservation without a key set is found by the sweeper, a key set that nobody counts is not.
        await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_name[0])).Reserve(new TenantItem(TenantItemKind.KeySet, _name[1]) { Size = info.Bytes });
        // A chunk may have arrived while an earlier upload of this name was being discarded. Cleared here, where one announcement is handled at a time: of two uploads that
        // begin at once through two gateways, the second must not take the first one's chunks away.
        await blobs.DeleteAllAsync(BlobNames.KeySetChunks(_name[0], _name[1]));
        state.State.Info = info with { Ready = false };
        await this.StoreAsync(state);
        return true;
    }

    public async Task<bool> Commit(string sha256)
    {
        if (state.State.Info is not { } info || info.Sha256 != sha256)
        {
            return false;
        }

        if (!info.Ready)
        {
            state.State.Info = info with { Ready = true };
            await this.StoreAsync(state);
        }

        return true;
    }

    public Task<KeySetInfo?> Get() => Task.FromResult(state.State.Info);

    public async Task Delete()
    {
        // No new job takes it from here on; a deletion that breaks off is finished by the next one.
        if (state.State.Info is { Ready: true } info)
        {
            state.State.Info = info with { Ready = false };
            await this.StoreAsync(state);
        }

        await blobs.DeleteAsync(BlobNames.KeySet(_name[0], _name[1]));
        await blobs.DeleteAllAsync(BlobNames.KeySetChunks(_name[0], _name[1]));

        await Task.WhenAll(workers.Active.Select(EvictAsync));
        if (state.RecordExists)
        {
            await state.ClearStateAsync();
        }
    }

    public async Task<ExpiryAnswer> Expire(TimeSpan age)
    {
        if (state.State.Info is not { } info)
        {
            return ExpiryAnswer.Nothing;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (info.Ready)
        {
            // What was written since the commit, at an address that outlived it.
            await blobs.DeleteAllAsync(BlobNames.KeySetChunks(_name[0], _name[1]));
        }

        DateTimeOffset due = (info.Ready ? now : info.Created) + age;
        if (due > now)
        {
            return ExpiryAnswer.NotBefore(due);
        }

        // An upload that nobody finished, or a deletion.
        await Delete();
        await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(_name[0])).Remove(new TenantItem(TenantItemKind.KeySet, _name[1]));
        return ExpiryAnswer.Expired;
    }

    private async Task EvictAsync(SiloAddress silo)
    {
        try
        {
            await workers.On(silo).Evict(_name[0], _name[1]);
        }
        catch (Exception e)
        {
            // A silo that cannot be reached finds out by itself (KeyWatch).
            GrainsLog.SiloNotTold(logger, silo.ToString(), "a deleted key set", e);
        }
    }
}
