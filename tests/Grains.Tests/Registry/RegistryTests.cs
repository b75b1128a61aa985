using System.Text;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Tests.Registry;

public class RegistryTests
{
    [Fact]
    public async Task Models_key_sets_and_tenants_keep_what_they_are_told()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        IModelGrain model = silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1"));
        Assert.True(await model.Register(TestSilos.ModelInfo()));
        Assert.False(await model.Register(TestSilos.ModelInfo() with { Sha256 = "other" }));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => model.Register(TestSilos.ModelInfo() with { Model = "another" }));
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        Assert.True(await keySet.Create(TestSilos.KeyInfo()));
        Assert.False(await keySet.Create(TestSilos.KeyInfo() with { Bytes = 1 }));
        Assert.True((await keySet.Get())!.Ready);
        Assert.False(await silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "none")).Commit(TestSilos.KeyInfo().Sha256));
        Assert.False(await keySet.Commit(new string('0', 64)));
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        await tenant.Add(new TenantItem(TenantItemKind.Job, "b"));
        await tenant.Add(new TenantItem(TenantItemKind.Job, "a"));
        await tenant.Add(new TenantItem(TenantItemKind.Job, "b"));
        await tenant.Add(new TenantItem(TenantItemKind.KeySet, "k"));
        await tenant.Remove(new TenantItem(TenantItemKind.KeySet, "k"));
        Assert.Equal("j1", await tenant.ClaimIdempotencyKey("key", "j1"));

        // All of it is stored: another process finds it.
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        Assert.Equal(["b", "a"], (await tenant.List(TenantItemKind.Job)).Select(i => i.Id));
        Assert.Empty(await tenant.List(TenantItemKind.KeySet));
        Assert.Equal("j1", await tenant.ClaimIdempotencyKey("key", "j2"));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => tenant.ClaimIdempotencyKey("", "j2"));
        Assert.Equal(TestSilos.ModelInfo().Sha256, (await silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1")).Get())!.Sha256);
        Assert.True((await silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k")).Get())!.Ready);
    }

    [Fact]
    public async Task A_first_announcement_clears_what_an_upload_left_and_a_second_one_touches_nothing()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        string chunk = BlobNames.KeySetChunk("t", "k", 0);
        _ = await silos.Blobs.WriteAsync(chunk, new MemoryStream([1]));
        Assert.True(await keySet.Create(TestSilos.KeyInfo()));
        Assert.Empty(await silos.ListAsync("tenants/"));
        _ = await silos.Blobs.WriteAsync(chunk, new MemoryStream([2]));
        Assert.True(await keySet.Create(TestSilos.KeyInfo()));
        Assert.Single(await silos.ListAsync("tenants/"));
    }

    [Fact]
    public async Task Of_two_uploads_of_one_model_version_the_first_stays_until_it_is_given_up()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IModelUploadGrain upload = silos.Grains.GetGrain<IModelUploadGrain>(GrainKeys.Model("t", "m", "1"));
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>("t");
        await tenant.SetQuotas(new TenantQuotas { Models = 1 });
        var first = new ModelUploadInfo { Bytes = 10, Sha256 = "first", Created = silos.Time.GetUtcNow() };
        string chunk = BlobNames.Chunk(BlobNames.ModelChunks("t", "m", "1"), 0);
        _ = await silos.Blobs.WriteAsync(chunk, new MemoryStream([1]));
        Assert.True(await upload.Create(first));
        Assert.Empty(await silos.ListAsync("tenants/"));
        _ = await silos.Blobs.WriteAsync(chunk, new MemoryStream([2]));
        Assert.True(await upload.Create(first));
        Assert.False(await upload.Create(first with { Sha256 = "second" }));
        await upload.Delete("second");
        Assert.Equal(first, await upload.Get());

        // It holds the place of the model that it is to be, and no second one.
        QuotaExceededException refused = await Assert.ThrowsAsync<QuotaExceededException>(() => silos.Grains.GetGrain<IModelUploadGrain>(GrainKeys.Model("t", "m", "2")).Create(first));
        Assert.Equal(QuotaKind.Models, refused.Quota);
        await tenant.Reserve(new TenantItem(TenantItemKind.Model, "m/1"));
        Assert.Equal(1, (await tenant.GetUse()).Models.Used);
        await upload.Delete("first");
        Assert.Null(await upload.Get());
        Assert.Equal(1, (await tenant.GetUse()).Models.Used);
        Assert.Empty(await silos.ListAsync("tenants/"));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_with_its_blobs_and_can_be_made_anew()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        _ = await silos.Blobs.WriteAsync(BlobNames.KeySetChunk("t", "k", 0), new MemoryStream([1]));
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        IModelGrain model = silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1"));
        await keySet.Delete();
        await model.Delete();
        await keySet.Delete();
        await model.Delete();
        Assert.Null(await keySet.Get());
        Assert.Null(await model.Get());
        Assert.Empty(await silos.ListAsync("tenants/"));
        await silos.DeployAsync("t");
        Assert.True((await keySet.Get())!.Ready);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_taken_for_done()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        IModelGrain model = silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1"));
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        var job = new TenantItem(TenantItemKind.Job, "j");
        await FailsOnceAsync(() => tenant.Add(job));
        await FailsOnceAsync(() => tenant.ClaimIdempotencyKey("key", "j1"));
        await FailsOnceAsync(() => model.Register(TestSilos.ModelInfo()));
        await FailsOnceAsync(() => keySet.Create(TestSilos.KeyInfo()));
        await FailsOnceAsync(() => keySet.Commit(TestSilos.KeyInfo().Sha256));
        await FailsOnceAsync(() => tenant.ClaimIdempotencyKey("key", "j2"));

        // Another process finds what the second try was told to be stored.
        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        Assert.Equal([job], await tenant.List(TenantItemKind.Job));
        Assert.Equal("j1", await tenant.ClaimIdempotencyKey("key", "j3"));
        Assert.NotNull(await silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1")).Get());
        Assert.True((await silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k")).Get())!.Ready);

        async Task FailsOnceAsync(Func<Task> call)
        {
            bool failed = false;
            silos.Store.BeforeWrite = _ =>
            {
                silos.Store.BeforeWrite = _ => Task.CompletedTask;
                failed = true;
                throw new IOException("The disk is full.");
            };
            _ = await Record.ExceptionAsync(call);
            silos.Store.BeforeWrite = _ => Task.CompletedTask;
            if (failed)
            {
                await call();
            }
        }
    }

    [Fact]
    public async Task The_list_of_jobs_keeps_the_newest()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        string items = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"kind":{{(int)TenantItemKind.Job}},"id":"j{{i}}"}"""));
        string state = $$"""{"items":[{"kind":{{(int)TenantItemKind.Model}},"id":"m/1"},{{items}}],"idempotency":[]}""";
        _ = await silos.Blobs.WriteAsync("grains/tenant/state/t.json", new MemoryStream(Encoding.UTF8.GetBytes(state)));
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        await tenant.Add(new TenantItem(TenantItemKind.Job, "new"));
        IReadOnlyList<TenantItem> jobs = await tenant.List(TenantItemKind.Job);
        Assert.Equal((10_000, "j1", "new"), (jobs.Count, jobs[0].Id, jobs[^1].Id));
        Assert.Single(await tenant.List(TenantItemKind.Model));
    }
}
