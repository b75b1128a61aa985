using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Grains.Tests.Expiry;

public sealed class SweeperTests
{
    private static readonly TimeSpan s_aDayAndMore = TimeSpan.FromHours(25);

    [Fact]
    public async Task A_job_keeps_nothing_but_its_result_when_it_ends_and_that_for_a_day()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        await SubmitAsync(silos, "good", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        await SubmitAsync(silos, "bad", [1, 2, 3]);
        Assert.Equal(JobPhase.Succeeded, (await silos.WaitForEndAsync("t", "good")).Phase);
        Assert.Equal(JobPhase.Failed, (await silos.WaitForEndAsync("t", "bad")).Phase);
        await EventuallyAsync(async () => (await silos.ListAsync("tenants/t/jobs/")).SequenceEqual([BlobNames.JobResult("t", "good")]));

        await SweepAsync(silos);
        Assert.NotNull(await silos.Job("t", "good").GetStatus());
        Assert.NotEmpty(await silos.ListAsync("tenants/t/jobs/"));
        silos.Time.Pass(s_aDayAndMore);
        await SweepAsync(silos);
        Assert.Null(await silos.Job("t", "good").GetStatus());
        Assert.Null(await silos.Job("t", "bad").GetStatus());
        Assert.Empty(await silos.ListAsync("tenants/t/jobs/"));
        Assert.Empty(await silos.ListAsync("grains/job/"));
        Assert.Empty(await ListedAsync(silos, TenantItemKind.Job));

        // What was deployed stays, and the same name may be used again.
        await SubmitAsync(silos, "good", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        Assert.Equal(JobPhase.Succeeded, (await silos.WaitForEndAsync("t", "good")).Phase);
    }

    [Fact]
    public async Task A_job_that_runs_is_left_alone_however_old_it_is()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        var held = new TaskCompletionSource();
        silos.Store.BeforeWrite = name => name.Contains("/values/", StringComparison.Ordinal) ? held.Task : Task.CompletedTask;
        await SubmitAsync(silos, "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        silos.Time.Pass(s_aDayAndMore);
        await SweepAsync(silos);
        held.SetResult();
        Assert.Equal(JobPhase.Succeeded, (await silos.WaitForEndAsync("t", "j")).Phase);
    }

    [Fact]
    public async Task An_upload_that_nobody_finishes_goes_after_a_day_and_a_key_set_never()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        IKeySetGrain upload = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "half"));
        Assert.True(await upload.Create(TestSilos.KeyInfo() with { KeySet = "half", Created = silos.Time.GetUtcNow() }));
        await Tenant(silos).Add(new TenantItem(TenantItemKind.KeySet, "half"));
        _ = await silos.Blobs.WriteAsync(BlobNames.KeySetChunk("t", "half", 0), new MemoryStream([1]));
        await SweepAsync(silos);
        Assert.NotNull(await upload.Get());
        silos.Time.Pass(s_aDayAndMore);
        await SweepAsync(silos);
        Assert.Null(await upload.Get());
        Assert.Empty(await silos.ListAsync("tenants/t/keysets/half/"));
        Assert.Equal(["k"], await ListedAsync(silos, TenantItemKind.KeySet));

        // A chunk that came after the commit is nobody's.
        _ = await silos.Blobs.WriteAsync(BlobNames.KeySetChunk("t", "k", 0), new MemoryStream([1]));
        silos.Time.Pass(s_aDayAndMore);
        await SweepAsync(silos);
        Assert.Equal([BlobNames.KeySet("t", "k")], await silos.ListAsync("tenants/t/keysets/k/"));
        Assert.True((await silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k")).Get())!.Ready);
        Assert.NotEmpty(await silos.ListAsync(BlobNames.KeySet("t", "k")));
    }

    [Fact]
    public async Task An_upload_of_a_model_that_nobody_finishes_goes_after_a_day_and_gives_its_place_back()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        await Tenant(silos).Add(new TenantItem(TenantItemKind.Model, "m/1"));
        IModelUploadGrain upload = silos.Grains.GetGrain<IModelUploadGrain>(GrainKeys.Model("t", "m", "2"));
        Assert.True(await upload.Create(new ModelUploadInfo { Bytes = 10, Sha256 = "a", Created = silos.Time.GetUtcNow() }));
        _ = await silos.Blobs.WriteAsync(BlobNames.Chunk(BlobNames.ModelChunks("t", "m", "2"), 0), new MemoryStream([1]));
        Assert.Equal(2, (await Tenant(silos).GetUse()).Models.Used);
        await SweepAsync(silos);
        Assert.NotNull(await upload.Get());
        silos.Time.Pass(s_aDayAndMore);
        await SweepAsync(silos);
        Assert.Null(await upload.Get());
        Assert.Empty(await silos.ListAsync("tenants/t/uploads/"));
        Assert.Empty(await ListedAsync(silos, TenantItemKind.ModelUpload));
        Assert.Equal(1, (await Tenant(silos).GetUse()).Models.Used);
        Assert.NotEmpty(await silos.ListAsync(BlobNames.Model("t", "m", "1")));
    }

    [Fact]
    public async Task Blobs_of_nobody_go_a_day_after_they_were_found_restarts_included()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        string input = BlobNames.JobInput("t", "never-submitted");
        _ = await silos.Blobs.WriteAsync(input, new MemoryStream([1]));
        await Tenant(silos).Add(new TenantItem(TenantItemKind.Job, "gone"));
        await SweepAsync(silos);
        Assert.Empty(await ListedAsync(silos, TenantItemKind.Job));
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        silos.Time.Pass(TimeSpan.FromHours(23));
        await SweepAsync(silos);
        Assert.Equal([input], await silos.ListAsync("tenants/t/jobs/"));
        silos.Time.Pass(TimeSpan.FromHours(2));
        await SweepAsync(silos);
        Assert.Empty(await silos.ListAsync("tenants/t/jobs/"));
    }

    [Fact]
    public async Task A_silo_that_starts_sees_to_the_reminder()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IReminderTable table = silos.First.Services.GetRequiredService<IReminderTable>();
        GrainId sweeper = silos.Grains.GetGrain<ISweeperGrain>(0).GetGrainId();
        await EventuallyAsync(async () => (await table.ReadRows(sweeper)).Reminders.Any(r => r.ReminderName == "sweep" && r.Period == TimeSpan.FromHours(1)));
    }

    private static async Task SubmitAsync(TestSilos silos, string job, byte[] input)
    {
        _ = await silos.SubmitAsync("t", job, input);
        await Tenant(silos).Add(new TenantItem(TenantItemKind.Job, job));
    }

    private static ITenantGrain Tenant(TestSilos silos) => silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));

    private static async Task<IEnumerable<string>> ListedAsync(TestSilos silos, TenantItemKind kind) => (await Tenant(silos).List(kind)).Select(i => i.Id);

    private static Task SweepAsync(TestSilos silos) => silos.Grains.GetGrain<ISweeperGrain>(0).Sweep();

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
