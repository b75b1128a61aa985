using System.Text;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime.Placement;

namespace BlindGrain.Grains.Tests.Jobs;

public class InferenceJobTests
{
    private static readonly int[] s_input = [1, -2, 3, 0];

    [Fact]
    public async Task A_job_computes_what_the_clear_circuit_does()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        AssertSucceeded(status);
        Assert.Equal(TestModel.Shared.Clear(s_input), await DecryptAsync(silos, "t", "j"));

        // Checkpoints go just after the end is stored.
        await EventuallyAsync(async () => (await silos.ListAsync($"{BlobNames.Job("t", "j")}values/")).Count == 0);
        JobStatus again = await silos.Job("t", "j").Submit(new JobSubmission { Model = "other", Version = "1", KeySet = "k" });
        Assert.Equal("m", again.Submission.Model);
        Assert.Equal(JobPhase.Succeeded, again.Phase);
    }

    [Fact]
    public async Task Two_silos_share_the_slices_of_one_job()
    {
        await using TestSilos silos = await TestSilos.StartAsync(2);
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        AssertSucceeded(status);
        Assert.Equal(2, status.SlicesBySilo.Count);
        Assert.All(status.SlicesBySilo.Values, count => Assert.True(count > 0));
        Assert.Equal(TestModel.Shared.Clear(s_input), await DecryptAsync(silos, "t", "j"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_silo_costs_its_slices_and_not_the_job(bool killTheJobsOwnSilo)
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IHost second = await silos.AddAsync();
        await silos.DeployAsync("t");

        // Several jobs, so that both silos are at work when one dies.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, TestSilos.AddressOf(killTheJobsOwnSilo ? second : silos.First));
        string[] jobs = [.. Enumerable.Range(0, 4).Select(i => $"j{i}")];
        foreach (string job in jobs)
        {
            _ = await silos.SubmitAsync("t", job, Encrypted(s_input));
        }

        RequestContext.Clear();
        string lost = TestSilos.AddressOf(second).Endpoint.ToString();
        _ = await silos.WaitAsync("t", jobs[^1], s => s.SlicesBySilo.ContainsKey(lost));
        await silos.KillAsync(second);
        foreach (string job in jobs)
        {
            AssertSucceeded(await silos.WaitForEndAsync("t", job));
            Assert.Equal(TestModel.Shared.Clear(s_input), await DecryptAsync(silos, "t", job));
        }
    }

    [Fact]
    public async Task A_restarted_cluster_resumes_behind_the_last_checkpoint()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        JobStatus before = await silos.WaitAsync("t", "j", s => s.StepsDone >= 2);
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        JobStatus resumed = (await silos.Job("t", "j").GetStatus())!;
        Assert.True(resumed is { StepsDone: >= 2, BootstrapsDone: >= 32 }, $"The job began anew: {resumed}");
        Assert.True(resumed.Revision >= before.Revision);
        JobStatus after = await silos.WaitForEndAsync("t", "j");
        AssertSucceeded(after);
        Assert.Equal(TestModel.Shared.Clear(s_input), await DecryptAsync(silos, "t", "j"));
    }

    [Fact]
    public async Task A_lost_checkpoint_costs_work_and_not_the_job()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        _ = await silos.WaitAsync("t", "j", s => s.StepsDone >= 2);
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        await silos.Blobs.DeleteAsync(BlobNames.JobValue("t", "j", 2));
        AssertSucceeded(await silos.WaitForEndAsync("t", "j"));
        Assert.Equal(TestModel.Shared.Clear(s_input), await DecryptAsync(silos, "t", "j"));
    }

    [Fact]
    public async Task A_cancelled_job_stops_and_leaves_no_checkpoints()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        IInferenceJobGrain job = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        _ = await silos.WaitAsync("t", "j", s => s.StepsDone >= 2);
        JobStatus? status = await job.Cancel();
        Assert.Equal(JobPhase.Cancelled, status!.Phase);
        Assert.NotNull(status.Ended);
        await EventuallyAsync(async () => (await silos.ListAsync($"{BlobNames.Job("t", "j")}values/")).Count == 0);
        Assert.Null(await silos.ReadAsync(BlobNames.JobResult("t", "j")));
        Assert.Equal(JobPhase.Cancelled, (await job.GetStatus())!.Phase);
        Assert.Null(await silos.Job("t", "none").Cancel());
        Assert.Null(await silos.Job("t", "none").GetStatus());
    }

    [Fact]
    public async Task Cancelling_reaches_slices_that_wait_for_their_key()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Worker:SlicesPerTenant", "1"));
        await silos.DeployAsync("t");
        var loads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Store.BeforeOpen = name =>
        {
            if (name != BlobNames.KeySet("t", "k"))
            {
                return Task.CompletedTask;
            }

            _ = asked.TrySetResult();
            return loads.Task;
        };
        IInferenceJobGrain job = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _ = await job.Cancel();

        // The one place that the tenant has is free again, though the key is not there yet.
        Admission admission = silos.First.Services.GetRequiredService<Admission>();
        await EventuallyAsync(() =>
        {
            using IDisposable? place = admission.TryEnter("t");
            return Task.FromResult(place is not null);
        });
        loads.SetResult();
        _ = await silos.SubmitAsync("t", "j2", Encrypted(s_input));
        AssertSucceeded(await silos.WaitForEndAsync("t", "j2"));
    }

    [Fact]
    public async Task A_job_past_its_deadline_fails_wherever_it_stands()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Store.BeforeOpen = name => name == BlobNames.KeySet("t", "k") ? never.Task : Task.CompletedTask;
        var submission = new JobSubmission { Model = "m", Version = "1", KeySet = "k", Priority = 3, Timeout = TimeSpan.FromSeconds(1) };
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input), submission);
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal((JobPhase.Failed, JobErrors.DeadlineExceeded), (status.Phase, status.ErrorCode));
        Assert.Contains("0 of 96 bootstraps", status.Error, StringComparison.Ordinal);
        Assert.Equal(status.Created + TimeSpan.FromSeconds(1), status.Deadline);
        Assert.NotNull(status.Ended);

        // One that is over before the job can begin, and one that is far away.
        _ = await silos.SubmitAsync("t", "j2", Encrypted(s_input), submission with { Timeout = TimeSpan.FromTicks(1) });
        Assert.Equal(JobErrors.DeadlineExceeded, (await silos.WaitForEndAsync("t", "j2")).ErrorCode);
        never.SetResult();
        _ = await silos.SubmitAsync("t", "j3", Encrypted(s_input), submission with { Timeout = JobSubmission.LongestTimeout });
        AssertSucceeded(await silos.WaitForEndAsync("t", "j3"));
        foreach (JobSubmission wrong in new[] { submission with { Priority = 0 }, submission with { Priority = 10 }, submission with { Timeout = TimeSpan.Zero }, submission with { Timeout = TimeSpan.FromDays(31) } })
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(() => silos.Job("t", "j4").Submit(wrong));
        }
    }

    [Fact]
    public async Task A_job_cancelled_as_it_begins_stays_cancelled()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");

        // The job finds its model only while the cancellation is on its way to the disk.
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Store.BeforeOpen = name => name == BlobNames.Model("t", "m", "1") ? found.Task : Task.CompletedTask;
        IInferenceJobGrain job = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        silos.Store.BeforeWrite = async name =>
        {
            silos.Store.BeforeWrite = _ => Task.CompletedTask;
            Assert.Equal(StateOf("j"), name);
            found.SetResult();
            await Task.Delay(500);
        };
        Assert.Equal(JobPhase.Cancelled, (await job.Cancel())!.Phase);
        Assert.Equal(JobPhase.Cancelled, (await job.GetStatus())!.Phase);

        // Only an ended job's reminder goes.
        await EventuallyAsync(async () => !await IsRemindedAsync(silos, job));
        Assert.Equal(JobPhase.Cancelled, (await job.GetStatus())!.Phase);
        Assert.Null(await silos.ReadAsync(BlobNames.JobResult("t", "j")));
    }

    [Fact]
    public async Task A_resumed_job_has_a_reminder_again()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Store.BeforeOpen = name => name == BlobNames.Model("t", "m", "1") ? found.Task : Task.CompletedTask;
        IInferenceJobGrain job = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        Assert.True(await IsRemindedAsync(silos, job));
        found.SetException(new IOException("The disk is gone."));
        await silos.StopAllAsync();

        // Reminders in memory went with their cluster.
        _ = await silos.AddAsync();
        found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Store.BeforeOpen = name => name == BlobNames.Model("t", "m", "1") ? found.Task : Task.CompletedTask;
        job = silos.Job("t", "j");
        Assert.False(await IsRemindedAsync(silos, job));
        Assert.NotNull(await job.GetStatus());
        await EventuallyAsync(() => IsRemindedAsync(silos, job));
        found.SetResult();
        AssertSucceeded(await silos.WaitForEndAsync("t", "j"));
    }

    [Theory]
    [InlineData(9, JobPhase.Succeeded)]
    [InlineData(10, JobPhase.Failed)]
    public async Task A_job_that_begins_again_and_again_ends(int begun, JobPhase end)
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");

        // As its state is found after so many silos died of it.
        string state = $$$"""{"submission":{"model":"m","version":"1","keySet":"k"},"phase":{{{(int)JobPhase.Running}}},"begins":{{{begun}}}}""";
        _ = await silos.Blobs.WriteAsync(StateOf("j"), new MemoryStream(Encoding.UTF8.GetBytes(state)));
        _ = await silos.SubmitAsync("t", "j", Encrypted(s_input));
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal((end, end == JobPhase.Failed ? JobErrors.Internal : null), (status.Phase, status.ErrorCode));
    }

    [Fact]
    public async Task What_is_wrong_with_a_job_is_a_stable_code()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        var good = new JobSubmission { Model = "m", Version = "1", KeySet = "k" };
        ParameterSet foreign = ParameterCatalog.All.First(p => p.Id != TestModel.Shared.Model.Parameters.Id);
        _ = await silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "announced")).Create(TestSilos.KeyInfo() with { KeySet = "announced" });
        IKeySetGrain other = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "foreign"));
        _ = await other.Create(TestSilos.KeyInfo() with { KeySet = "foreign", ParameterSetId = foreign.Id });
        Assert.True(await other.Commit(TestSilos.KeyInfo().Sha256));
        IKeySetGrain lost = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "lost"));
        _ = await lost.Create(TestSilos.KeyInfo() with { KeySet = "lost" });
        Assert.True(await lost.Commit(TestSilos.KeyInfo().Sha256));
        IKeySetGrain swapped = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "swapped"));
        _ = await swapped.Create(TestSilos.KeyInfo() with { KeySet = "swapped", Sha256 = new string('0', 64) });
        Assert.True(await swapped.Commit(new string('0', 64)));
        _ = await silos.Blobs.WriteAsync(BlobNames.KeySet("t", "swapped"), new MemoryStream(TestModel.Shared.KeyBytes));

        await FailsAsync(good with { Model = "none" }, null, JobErrors.ModelNotFound);
        await FailsAsync(good with { KeySet = "none" }, null, JobErrors.KeySetNotFound);
        await FailsAsync(good with { KeySet = "announced" }, null, JobErrors.KeySetNotReady);
        await FailsAsync(good with { KeySet = "foreign" }, null, JobErrors.ParameterMismatch);
        await FailsAsync(good with { KeySet = "lost" }, null, JobErrors.KeySetNotFound);
        await FailsAsync(good with { KeySet = "swapped" }, null, JobErrors.KeySetNotFound);
        await FailsAsync(good, [1, 2, 3], JobErrors.InvalidInput);
        await FailsAsync(good, new byte[100_000], JobErrors.InvalidInput);
        await FailsAsync(good, Encrypted(s_input)[..^8], JobErrors.InvalidInput);
        await FailsAsync(good, WithOtherParameters(Encrypted(s_input)), JobErrors.ParameterMismatch);

        async Task FailsAsync(JobSubmission submission, byte[]? input, string code)
        {
            string job = $"j-{Guid.NewGuid():N}";
            _ = await silos.SubmitAsync("t", job, input ?? Encrypted(s_input), submission);
            JobStatus status = await silos.WaitForEndAsync("t", job);
            Assert.Equal((JobPhase.Failed, code), (status.Phase, status.ErrorCode));
            Assert.False(string.IsNullOrEmpty(status.Error));
            Assert.NotNull(status.Ended);
            Assert.Null(await silos.ReadAsync(BlobNames.JobResult("t", job)));
        }
    }

    [Fact]
    public async Task A_tenant_cannot_reach_what_is_anothers()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("owner");
        _ = await silos.SubmitAsync("thief", "j", Encrypted(s_input));
        Assert.Equal(JobErrors.ModelNotFound, (await silos.WaitForEndAsync("thief", "j")).ErrorCode);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => silos.Job("thief", "j2").Submit(new JobSubmission { Model = "../owner/m", Version = "1", KeySet = "k" }));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => silos.Job("thief", "j2").Submit(new JobSubmission { Model = "m", Version = "1", KeySet = "x/../../owner/k" }));
        Assert.Null(await silos.Job("thief", "j2").GetStatus());
        foreach (string key in new[] { "thief", "thief/../owner/j", "thief/", "/j", "a/b/c", "thief/..", "th ief/j" })
        {
            _ = await Assert.ThrowsAnyAsync<Exception>(() => silos.Grains.GetGrain<IInferenceJobGrain>(key).GetStatus());
        }
    }

    private static string StateOf(string job) => $"grains/job/state/t_2f{job}.json";

    private static async Task<bool> IsRemindedAsync(TestSilos silos, IInferenceJobGrain job) =>
        (await silos.First.Services.GetRequiredService<IReminderTable>().ReadRows(job.GetGrainId())).Reminders.Count > 0;

    private static byte[] Encrypted(int[] input) => TestModel.Shared.Cryptor.Encrypt(input).ToBytes();

    /// <summary>Changes one letter of the parameter set's id.</summary>
    private static byte[] WithOtherParameters(byte[] list)
    {
        byte[] changed = [.. list];
        changed[4 + 2 + 4 + 1] ^= 1;
        return changed;
    }

    private static async Task<long[]> DecryptAsync(TestSilos silos, string tenant, string job)
    {
        byte[]? bytes = await silos.ReadAsync(BlobNames.JobResult(tenant, job));
        Assert.NotNull(bytes);
        return TestModel.Shared.Cryptor.Decrypt(new LweBatch(TestModel.Shared.Model.DimensionOf(TestModel.Shared.Model.Circuit.Output.Value), bytes));
    }

    private static void AssertSucceeded(JobStatus status)
    {
        Assert.True(status.Phase == JobPhase.Succeeded, $"{status.Phase}: {status.ErrorCode} {status.Error}");
        Assert.Equal(status.StepsTotal, status.StepsDone);

        // The last two look-up steps come from the same 32 rotations.
        Assert.Equal(TestModel.Shared.Model.Circuit.Bootstraps - 32, status.BootstrapsTotal);
        Assert.Equal(status.BootstrapsTotal, status.BootstrapsDone);
        Assert.Null(status.Error);
        Assert.NotNull(status.Ended);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
