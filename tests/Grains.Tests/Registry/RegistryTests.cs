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
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "none")).Commit());
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
}
