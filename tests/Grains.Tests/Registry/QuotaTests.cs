using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Tests.Registry;

public class QuotaTests
{
    [Fact]
    public async Task Quotas_are_the_settings_or_the_tenants_own_and_bootstraps_count_anew_each_day()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Quotas:BootstrapsPerDay", "10"), ("Quotas:ConcurrentJobs", "2"), ("Quotas:KeyBytes", "100"));
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));
        await tenant.Reserve(Job("a", 6));
        await tenant.Reserve(Job("a", 6));
        QuotaExceededException refused = await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("b", 5)));
        Assert.Equal((QuotaKind.BootstrapsPerDay, 10, 6, 5), (refused.Quota, refused.Limit, refused.Used, refused.Requested));
        Assert.Equal(TimeSpan.Zero, refused.Frees!.Value.TimeOfDay);
        Assert.Null((await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("never", 11)))).Frees);
        await tenant.Reserve(Job("b", 4));
        Assert.Equal(QuotaKind.ConcurrentJobs, (await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("c", 0)))).Quota);
        await tenant.JobEnded("a");
        await tenant.Release(Job("b", 4));
        TenantUse use = await tenant.GetUse();
        Assert.Equal((6, 0), (use.BootstrapsPerDay.Used, use.ConcurrentJobs.Used));
        Assert.Equal(["a"], (await tenant.List(TenantItemKind.Job)).Select(i => i.Id));

        silos.Time.Pass(TimeSpan.FromDays(1));
        Assert.Equal(0, (await tenant.GetUse()).BootstrapsPerDay.Used);
        await tenant.Reserve(Job("d", 10));

        // One tenant's own quotas take the settings' place, those that are absent do not.
        await tenant.SetQuotas(new TenantQuotas { ConcurrentJobs = 0, KeyBytes = TenantQuotas.Unlimited });
        Assert.Equal(QuotaKind.ConcurrentJobs, (await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("e", 0)))).Quota);
        await tenant.Reserve(new TenantItem(TenantItemKind.KeySet, "k") { Size = long.MaxValue / 2 });
        Assert.Equal(10, (await tenant.GetUse()).BootstrapsPerDay.Limit);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => tenant.SetQuotas(new TenantQuotas { Models = -2 }));
        ITenantGrain other = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("other"));
        _ = await Assert.ThrowsAsync<QuotaExceededException>(() => other.Reserve(new TenantItem(TenantItemKind.KeySet, "k") { Size = 101 }));
    }

    [Fact]
    public async Task An_end_that_nobody_noted_is_found_when_room_is_needed()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Quotas:ConcurrentJobs", "1"));
        ITenantGrain tenant = silos.Grains.GetGrain<ITenantGrain>(GrainKeys.Tenant("t"));

        // Whoever reserved this one broke off before it submitted anything.
        await tenant.Reserve(Job("broken", 1));
        _ = await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("next", 1)));
        Assert.Equal(1, (await tenant.GetUse()).ConcurrentJobs.Used);
        silos.Time.Pass(TimeSpan.FromMinutes(6));
        _ = await Assert.ThrowsAsync<QuotaExceededException>(() => tenant.Reserve(Job("next", 1)));
        while ((await tenant.GetUse()).ConcurrentJobs.Used > 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await tenant.Reserve(Job("next", 1));
    }

    [Fact]
    public async Task A_key_set_or_model_above_the_quota_is_not_made_and_leaves_nothing()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Quotas:KeyBytes", "1"), ("Quotas:Models", "0"));
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        Assert.Equal(QuotaKind.KeyBytes, (await Assert.ThrowsAsync<QuotaExceededException>(() => keySet.Create(TestSilos.KeyInfo()))).Quota);
        Assert.Null(await keySet.Get());
        _ = await silos.Blobs.WriteAsync(Storage.BlobNames.Model("t", "m", "1"), new MemoryStream([1]));
        IModelGrain model = silos.Grains.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1"));
        Assert.Equal(QuotaKind.Models, (await Assert.ThrowsAsync<QuotaExceededException>(() => model.Register(TestSilos.ModelInfo()))).Quota);
        Assert.Null(await model.Get());
        Assert.Empty(await silos.ListAsync("tenants/"));
        Assert.Empty(await silos.Grains.GetGrain<ITenantGrain>("t").List(TenantItemKind.Model));
    }

    private static TenantItem Job(string id, long bootstraps) => new(TenantItemKind.Job, id) { Size = bootstraps };
}
