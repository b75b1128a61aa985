using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <summary>Keeps a tenant's quotas in its state. The tenant's grain handles one call at a time, so that counting and charging are one.</summary>
internal sealed class TenantLedger(TenantState state, TenantQuotas defaults, TimeProvider time)
{
    /// <summary>A reservation without a job is forgotten after this: who made it has broken off.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(5);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private DateTimeOffset DayEnds => new(Today.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    /// <summary>What is used.</summary>
    public TenantUse Use() => new()
    {
        Models = new QuotaUse((state.Quotas.Models ?? defaults.Models)!.Value, state.Items.Count(i => i.Kind == TenantItemKind.Model) + state.Items.Count(i => i.Kind == TenantItemKind.ModelUpload && !HasPlace(i))),
        KeyBytes = new QuotaUse((state.Quotas.KeyBytes ?? defaults.KeyBytes)!.Value, state.Items.Where(i => i.Kind == TenantItemKind.KeySet).Sum(i => i.Size)),
        ConcurrentJobs = new QuotaUse((state.Quotas.ConcurrentJobs ?? defaults.ConcurrentJobs)!.Value, state.Unfinished.Count),
        BootstrapsPerDay = new QuotaUse((state.Quotas.BootstrapsPerDay ?? defaults.BootstrapsPerDay)!.Value, state.Day == Today ? state.DayBootstraps : 0),
        DayEnds = DayEnds,
        Overrides = state.Quotas,
    };

    /// <summary>Why something may not be added; null where it may.</summary>
    public QuotaExceededException? Refusal(TenantItem item)
    {
        TenantUse use = Use();
        return item.Kind switch
        {
            TenantItemKind.Model or TenantItemKind.ModelUpload when !HasPlace(item) && use.Models.Exceeds(1) => new QuotaExceededException(QuotaKind.Models, use.Models, 1),
            TenantItemKind.KeySet when use.KeyBytes.Exceeds(item.Size) => new QuotaExceededException(QuotaKind.KeyBytes, use.KeyBytes, item.Size),
            TenantItemKind.Job when use.ConcurrentJobs.Exceeds(1) => new QuotaExceededException(QuotaKind.ConcurrentJobs, use.ConcurrentJobs, 1),

            // A job that no day has room for is refused for good, not till tomorrow.
            TenantItemKind.Job when use.BootstrapsPerDay.Exceeds(item.Size) =>
                new QuotaExceededException(QuotaKind.BootstrapsPerDay, use.BootstrapsPerDay, item.Size, item.Size <= use.BootstrapsPerDay.Limit ? DayEnds : null),
            _ => null,
        };
    }

    /// <summary>Whether a model or its upload counts already, as the other one of the two: an upload holds the place of the model that it is to be.</summary>
    private bool HasPlace(TenantItem item) =>
        state.Items.Exists(i => i.Id == item.Id && i.Kind == (item.Kind == TenantItemKind.Model ? TenantItemKind.ModelUpload : TenantItemKind.Model));

    /// <summary>Counts what is added.</summary>
    public void Charge(TenantItem item)
    {
        if (item.Kind == TenantItemKind.Job)
        {
            state.Unfinished.Add(new UnfinishedJob(item.Id, time.GetUtcNow()));
            (state.DayBootstraps, state.Day) = ((state.Day == Today ? state.DayBootstraps : 0) + item.Size, Today);
        }
    }

    /// <summary>Takes back a charge of this day.</summary>
    public void Refund(TenantItem item)
    {
        if (item.Kind == TenantItemKind.Job && state.Day == Today)
        {
            state.DayBootstraps = Math.Max(0, state.DayBootstraps - item.Size);
        }
    }

    /// <summary>Counts a job as ended.</summary>
    public void End(string job) => state.Unfinished.RemoveAll(j => j.Job == job);

    /// <summary>Whether a job no longer counts: it has ended, or was never submitted.</summary>
    public bool IsOver(UnfinishedJob job, JobStatus? status) =>
        status is null ? job.Since + s_grace < time.GetUtcNow() : status.Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;
}
