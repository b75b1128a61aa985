using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Scheduling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Has unfinished jobs go on as soon as membership gives a silo up, and after a cold start of the cluster, rather than at their next reminder: each of them has a row in the
/// table of reminders, and a call activates those that nobody runs. One silo does so for each that was lost. What fails here is left to the reminders.
/// </summary>
internal sealed class JobResumer(
    IClusterMembershipService membership, ILocalSiloDetails self, IReminderTable reminders, IGrainFactory grains, TimeProvider time, ILogger<JobResumer> logger) : BackgroundService
{
    private const int Tries = 5;
    private const int CallsAtATime = 32;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<SiloAddress>? before = null;
        await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            HashSet<SiloAddress> active = [.. snapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress)];
            if (!active.Contains(self.SiloAddress))
            {
                continue;
            }

            // Alone from the start: whatever ran before has nobody.
            if (before is null ? active.Count == 1 : before.Except(active).Any(lost => IsSuccessor(lost, active)))
            {
                await ResumeAsync(stoppingToken);
            }

            before = active;
        }
    }

    /// <summary>Whether it falls to this silo to look after the jobs of one that was lost: all silos say the same.</summary>
    private bool IsSuccessor(SiloAddress lost, IReadOnlyCollection<SiloAddress> active) =>
        RendezvousHash.Rank(lost.ToParsableString(), active, s => s.ToParsableString())[0].Equals(self.SiloAddress);

    private async Task ResumeAsync(CancellationToken cancellation)
    {
        for (int attempt = 1; attempt <= Tries; attempt++)
        {
            try
            {
                // Both bounds equal: all rows.
                ReminderTableData rows = await reminders.ReadRows(0, 0, cancellation);
                GrainId[] jobs = [.. rows.Reminders.Where(r => r.ReminderName == InferenceJobGrain.Reminder).Select(r => r.GrainId)];
                await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = CallsAtATime, CancellationToken = cancellation }, async (job, _) =>
                    await grains.GetGrain<IInferenceJobGrain>(job).GetStatus());
                GrainsLog.JobsLookedAt(logger, jobs.Length);
                return;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // The table's server may be away, the lost silo's grains not yet be known to be lost.
                GrainsLog.JobsNotLookedAt(logger, attempt, Tries, e);
                await Task.Delay(s_pause * attempt, time, cancellation);
            }
        }
    }
}
