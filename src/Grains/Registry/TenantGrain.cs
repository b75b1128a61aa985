using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of a tenant.</summary>
internal sealed class TenantState
{
    /// <summary>Everything there is, oldest first.</summary>
    public List<TenantItem> Items { get; set; } = [];

    /// <summary>The jobs of idempotency keys, oldest first.</summary>
    public List<IdempotentJob> Idempotency { get; set; } = [];
}

/// <summary>The job that an idempotency key stands for.</summary>
internal sealed record IdempotentJob(string Key, string Job);

/// <inheritdoc cref="ITenantGrain"/>
[GrainType("tenant")]
internal sealed class TenantGrain([PersistentState("state")] IPersistentState<TenantState> state) : Grain, ITenantGrain
{
    /// <summary>Older idempotency keys are forgotten: the state is read and written whole.</summary>
    private const int MaxIdempotencyKeys = 10_000;
    private const int MaxIdempotencyKeyLength = 255;

    /// <summary>Older jobs leave the list, for the same reason; they are still found by their ids.</summary>
    private const int MaxListedJobs = 10_000;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ = GrainName.Parts(this, 1);
        return Task.CompletedTask;
    }

    public async Task Add(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        List<TenantItem> items = state.State.Items;
        if (!items.Contains(item))
        {
            if (item.Kind == TenantItemKind.Job && items.Count(i => i.Kind == TenantItemKind.Job) >= MaxListedJobs)
            {
                items.RemoveAt(items.FindIndex(i => i.Kind == TenantItemKind.Job));
            }

            items.Add(item);
            await this.StoreAsync(state);
        }
    }

    public async Task Remove(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (state.State.Items.Remove(item))
        {
            await this.StoreAsync(state);
        }
    }

    public Task<IReadOnlyList<TenantItem>> List(TenantItemKind kind) =>
        Task.FromResult<IReadOnlyList<TenantItem>>([.. state.State.Items.Where(i => i.Kind == kind)]);

    public async Task<string> ClaimIdempotencyKey(string idempotencyKey, string proposedJob)
    {
        if (string.IsNullOrEmpty(idempotencyKey) || idempotencyKey.Length > MaxIdempotencyKeyLength)
        {
            throw new ArgumentException($"An idempotency key has 1 to {MaxIdempotencyKeyLength} characters.", nameof(idempotencyKey));
        }

        if (!GrainKeys.IsId(proposedJob))
        {
            throw new ArgumentException($"'{proposedJob}' is no id: {GrainKeys.IdForm}.", nameof(proposedJob));
        }

        List<IdempotentJob> known = state.State.Idempotency;
        if (known.Find(k => k.Key == idempotencyKey) is { } claimed)
        {
            return claimed.Job;
        }

        if (known.Count >= MaxIdempotencyKeys)
        {
            known.RemoveRange(0, known.Count - MaxIdempotencyKeys + 1);
        }

        known.Add(new IdempotentJob(idempotencyKey, proposedJob));
        await this.StoreAsync(state);
        return proposedJob;
    }
}
