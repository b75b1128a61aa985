using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Registry;

/// <inheritdoc cref="ITenantGrain"/>
[GrainType("tenant")]
internal sealed class TenantGrain([PersistentState("state")] IPersistentState<TenantState> state, IOptions<QuotaOptions> defaults, TimeProvider time) : Grain, ITenantGrain
{
    /// <summary>Older idempotency keys are forgotten: the state is read and written whole.</summary>
    private const int MaxIdempotencyKeys = 10_000;
    private const int MaxIdempotencyKeyLength = 255;

    /// <summary>Older jobs leave the list, for the same reason; they are still found by their ids.</summary>
    private const int MaxListedJobs = 10_000;

    private TenantLedger? _ledger;
    private Task _recount = Task.CompletedTask;

    private TenantLedger Ledger => _ledger ??= new TenantLedger(state.State, defaults.Value.ToQuotas(), time);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ = GrainName.Parts(this, 1);
        if (state.State.Unfinished.Count > 0)
        {
            // Jobs may have ended while nobody listened.
            _recount = RecountAsync();
        }

        return Task.CompletedTask;
    }

    public Task Add(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return AddAsync(item);
    }

    public async Task Reserve(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (state.State.Items.Exists(item.Names))
        {
            return;
        }

        if (Ledger.Refusal(item) is { } refusal)
        {
            if (refusal.Quota == QuotaKind.ConcurrentJobs && _recount.IsCompleted)
            {
                // In the background: a caller who is refused is told at once, and finds the right count when it asks again.
                _recount = RecountAsync();
            }

            throw refusal;
        }

        Ledger.Charge(item);
        await AddAsync(item);
    }

    public async Task Release(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (state.State.Items.Exists(item.Names))
        {
            Ledger.Refund(item);
            await Remove(item);
        }
    }

    public Task JobEnded(string job)
    {
        // Stored with the next change: after a loss of memory the jobs themselves are asked.
        Ledger.End(job);
        return Task.CompletedTask;
    }

    public Task<TenantUse> GetUse() => Task.FromResult(Ledger.Use());

    public async Task SetQuotas(TenantQuotas quotas)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        if (quotas.Faults().FirstOrDefault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(quotas));
        }

        if (state.State.Quotas != quotas)
        {
            state.State.Quotas = quotas;
            await this.StoreAsync(state);
        }
    }

    public async Task Remove(TenantItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (state.State.Items.RemoveAll(item.Names) > 0)
        {
            if (item.Kind == TenantItemKind.Job)
            {
                Ledger.End(item.Id);
            }

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

    private async Task AddAsync(TenantItem item)
    {
        List<TenantItem> items = state.State.Items;
        if (items.Exists(item.Names))
        {
            return;
        }

        if (item.Kind == TenantItemKind.Job && items.Count(i => i.Kind == TenantItemKind.Job) >= MaxListedJobs)
        {
            items.RemoveAt(items.FindIndex(i => i.Kind == TenantItemKind.Job));
        }

        items.Add(item);
        await this.StoreAsync(state);
    }

    /// <summary>Asks the jobs that are counted as unfinished whether they are.</summary>
    private async Task RecountAsync()
    {
        await Task.Yield();
        string tenant = this.GetPrimaryKeyString();
        foreach (UnfinishedJob job in state.State.Unfinished.ToArray())
        {
            try
            {
                JobStatus? status = await GrainFactory.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, job.Job)).GetStatus();
                if (Ledger.IsOver(job, status))
                {
                    Ledger.End(job.Job);
                }
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                // Its silo is lost or busy: it counts until the next recount.
            }
        }
    }
}
