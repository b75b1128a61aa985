using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Expiry;

/// <summary>
/// Goes by a reminder over everything that tenants have, asks each job, key set and upload that may be due whether its time is over, and deletes
/// blobs that belong to none.
/// </summary>
[GrainType("sweeper")]
internal sealed class SweeperGrain(
    [PersistentState("state")] IPersistentState<SweeperState> state,
    IBlobStore blobs,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<SweeperGrain> logger) : Grain, ISweeperGrain, IRemindable
{
    private const string Reminder = "sweep";

    /// <summary>When to ask again; only what saves questions, so that it may be lost.</summary>
    private readonly Dictionary<SweepSubject, DateTimeOffset> _due = [];
    private Task _sweep = Task.CompletedTask;

    public async Task Start()
    {
        TimeSpan interval = options.Value.SweepInterval;
        _ = await this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromTicks(Math.Min(interval.Ticks, TimeSpan.TicksPerMinute)), interval);
    }

    public Task Sweep() => _sweep.IsCompleted ? _sweep = SweepAsync() : _sweep;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // In the background: a call that takes longer than a grain call may would be reported as lost.
        DelayDeactivation(options.Value.SweepInterval * 2);
        _ = Sweep();
        return Task.CompletedTask;
    }

    private async Task SweepAsync()
    {
        await Task.Yield();
        try
        {
            (HashSet<SweepSubject> stored, HashSet<SweepSubject> listed) = await FindAsync();
            int expired = 0, asked = 0;
            DateTimeOffset now = time.GetUtcNow();
            var orphans = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            foreach (SweepSubject subject in stored.Union(listed))
            {
                if (_due.GetValueOrDefault(subject) > now)
                {
                    continue;
                }

                asked++;
                _ = _due.Remove(subject);
                ExpiryAnswer answer = await AskAsync(subject, now);
                if (answer.Due is { } due)
                {
                    _due[subject] = due;
                }
                else if (answer.Known)
                {
                    expired++;
                }
                else if (stored.Contains(subject))
                {
                    orphans[subject.Prefix] = state.State.Orphans.GetValueOrDefault(subject.Prefix, now);
                }
                else
                {
                    // Its record is gone, the deletion broke off before the list knew.
                    await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(subject.Tenant)).Remove(new TenantItem(subject.Kind, subject.Id));
                }
            }

            await DeleteOrphansAsync(orphans, now);
            GrainsLog.Swept(logger, asked, expired, orphans.Count);
        }
        catch (Exception e)
        {
            GrainsLog.SweepFailed(logger, "everything", e);
        }
    }

    /// <summary>What has blobs, and what tenants' lists name: an ended job may be in either only.</summary>
    private async Task<(HashSet<SweepSubject> Stored, HashSet<SweepSubject> Listed)> FindAsync()
    {
        var stored = new HashSet<SweepSubject>();
        var listed = new HashSet<SweepSubject>();
        var tenants = new HashSet<string>(StringComparer.Ordinal);
        await foreach (BlobEntry entry in blobs.ListAsync($"{BlobNames.Root}/"))
        {
            _ = tenants.Add(entry.Name.Split('/')[1]);
            if (SweepSubject.Of(entry.Name) is { } subject)
            {
                _ = stored.Add(subject);
            }
        }

        foreach (string tenant in tenants.Where(GrainKeys.IsId))
        {
            foreach (TenantItemKind kind in new[] { TenantItemKind.Job, TenantItemKind.KeySet, TenantItemKind.ModelUpload })
            {
                listed.UnionWith((await GrainFactory.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).List(kind)).Select(item => new SweepSubject(kind, tenant, item.Id)));
            }
        }

        return (stored, listed);
    }

    private async Task<ExpiryAnswer> AskAsync(SweepSubject subject, DateTimeOffset now)
    {
        try
        {
            return await GrainFactory.GetGrain<IExpiring>(subject.Grain).Expire(subject.Kind == TenantItemKind.Job ? options.Value.Results : options.Value.Uploads);
        }
        catch (Exception e)
        {
            // It may be there: the next sweep asks again.
            GrainsLog.SweepFailed(logger, subject.Prefix, e);
            return ExpiryAnswer.NotBefore(now);
        }
    }

    private async Task DeleteOrphansAsync(Dictionary<string, DateTimeOffset> orphans, DateTimeOffset now)
    {
        foreach ((string prefix, DateTimeOffset since) in orphans.Where(o => o.Value + options.Value.Uploads <= now).ToArray())
        {
            await blobs.DeleteAllAsync(prefix);
            _ = orphans.Remove(prefix);
        }

        if (!state.State.Orphans.OrderBy(o => o.Key, StringComparer.Ordinal).SequenceEqual(orphans.OrderBy(o => o.Key, StringComparer.Ordinal)))
        {
            state.State.Orphans = orphans;
            await state.WriteStateAsync();
        }
    }
}
