using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Tests.Jobs;

public sealed class JobWatchTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Who_watches_is_told_of_each_phase_once_it_is_stored_and_of_none_that_is_not_there()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        Assert.Null(await silos.Job("t", "j").Watch(JobPhase.Queued, s_long));
        var held = new TaskCompletionSource();
        silos.Store.BeforeWrite = name => name.EndsWith("/result", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        IInferenceJobGrain job = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        JobStatus running = await WatchAsync(job, JobPhase.Queued);
        Assert.Equal(JobPhase.Running, running.Phase);

        // Others are answered while someone watches, and nobody waits longer than about a second.
        Task<JobStatus?> watching = job.Watch(JobPhase.Running, s_long);
        Assert.Equal(JobPhase.Running, (await job.GetStatus())!.Phase);
        Assert.Equal(JobPhase.Running, (await watching)!.Phase);
        held.SetResult();
        Assert.Equal(JobPhase.Succeeded, (await WatchAsync(job, JobPhase.Running)).Phase);

        // What has ended keeps nobody waiting, whatever they saw.
        Assert.Equal(JobPhase.Succeeded, (await job.Watch(JobPhase.Succeeded, s_long))!.Phase);
    }

    [Fact]
    public async Task A_job_whose_end_could_not_be_stored_is_not_computed_again()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        int results = 0, failures = 0;
        silos.Store.BeforeWrite = name =>
        {
            results += name.EndsWith("/result", StringComparison.Ordinal) ? 1 : 0;
            return results > 0 && name.StartsWith("grains/job/", StringComparison.Ordinal) && failures++ == 0
                ? Task.FromException(new BlobStoreUnavailableException($"{name} cannot be reached."))
                : Task.CompletedTask;
        };
        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal((JobPhase.Succeeded, 1), (status.Phase, results));
        Assert.Equal(status.StepsTotal, status.StepsDone);
        Assert.True(failures > 1);
    }

    private static async Task<JobStatus> WatchAsync(IInferenceJobGrain job, JobPhase seen)
    {
        JobStatus status;
        do
        {
            status = (await job.Watch(seen, s_long))!;
        }
        while (status.Phase == seen);
        return status;
    }
}
