using System.Diagnostics.Metrics;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Caches;

public class ServerKeyCacheTests
{
    private static readonly KeyNeeds s_needs = TestModel.Shared.Model.ParameterPlan.Needs;

    private static readonly IMeterFactory s_meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>Room for two keys and a half.</summary>
    private static readonly int s_mebibytes = (int)((s_needs.ExpandedBytes * 5 / 2) >> 20);

    [Fact]
    public async Task A_key_is_loaded_once_however_many_ask()
    {
        var loader = new CountingLoader();
        using ServerKeyCache cache = Cache(loader);
        KeyLease?[] leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => cache.TryAcquire(Name("a"), s_needs))));
        await Task.WhenAll(leases.Select(l => l!.Ready));
        Assert.Equal(1, loader.Loads);
        Array.ForEach(leases, l => l!.Dispose());
        using KeyLease? later = cache.TryAcquire(Name("a"), s_needs);
        await later!.Ready;
        Assert.Equal(1, loader.Loads);
    }

    [Fact]
    public async Task What_models_of_other_needs_take_of_a_key_set_is_kept_apart_and_dropped_together()
    {
        var loader = new CountingLoader();
        using ServerKeyCache cache = Cache(loader);
        var part = KeyNeeds.All(s_needs.Parameters.Sets[0]);
        using (KeyLease whole = cache.TryAcquire(Name("a"), s_needs)!, less = cache.TryAcquire(Name("a"), part)!, again = cache.TryAcquire(Name("a"), part)!)
        {
            await Task.WhenAll(whole.Ready, less.Ready, again.Ready);
            Assert.Equal(2, loader.Loads);
            Assert.Equal(ByteSize(s_needs) + ByteSize(part), cache.UsedBytes);
        }

        cache.Evict(Name("a").Tenant, Name("a").KeySet);
        Assert.Equal(0, cache.UsedBytes);

        static long ByteSize(KeyNeeds needs)
        {
            using var key = ServerKey.Expand(TestModel.Shared.Evaluation, needs, 1);
            return key.ByteSize;
        }
    }

    [Fact]
    public async Task Of_keys_that_cost_the_same_the_least_recently_used_makes_room()
    {
        var clock = new Clock();
        var loader = new CountingLoader { BeforeLoad = _ => clock.Pass(10) };
        using ServerKeyCache cache = Cache(loader, time: clock);
        foreach (string key in new[] { "a", "b", "a", "c", "a" })
        {
            using KeyLease? lease = await AcquireAsync(cache, key);
            Assert.NotNull(lease);
            clock.Pass(10);
        }

        // b made room for c; a was in use later than b and stayed.
        Assert.Equal(3, loader.Loads);
        Assert.True(cache.UsedBytes <= (long)s_mebibytes << 20);
        (await AcquireAsync(cache, "b"))!.Dispose();
        Assert.Equal(4, loader.Loads);
    }

    [Fact]
    public async Task A_key_that_was_dear_to_load_may_be_idle_for_longer()
    {
        var clock = new Clock();
        var loader = new CountingLoader { BeforeLoad = name => clock.Pass(name == "dear" ? 30 : 10) };
        using ServerKeyCache cache = Cache(loader, time: clock);
        (await AcquireAsync(cache, "dear"))!.Dispose();
        (await AcquireAsync(cache, "cheap"))!.Dispose();
        clock.Pass(10);

        // Last used 20 s and more ago, but it cost three times what the other did.
        (await AcquireAsync(cache, "third"))!.Dispose();
        Assert.Equal(["dear", "third"], cache.Held.Select(h => h.KeySet).Order());
        clock.Pass(1000);
        (await AcquireAsync(cache, "third"))!.Dispose();
        (await AcquireAsync(cache, "fourth"))!.Dispose();
        Assert.Equal(["fourth", "third"], cache.Held.Select(h => h.KeySet).Order());
    }

    [Fact]
    public async Task Idle_keys_go_where_memory_is_short()
    {
        using ServerKeyCache cache = Cache(new CountingLoader());
        using KeyLease used = (await AcquireAsync(cache, "used"))!;
        (await AcquireAsync(cache, "idle"))!.Dispose();
        cache.FreeIdle();
        Assert.Equal([("t", "used")], cache.Held);
    }

    [Fact]
    public async Task Keys_in_use_are_never_freed_and_the_next_one_waits()
    {
        var loader = new CountingLoader();
        using ServerKeyCache cache = Cache(loader);
        using KeyLease a = (await AcquireAsync(cache, "a"))!;
        KeyLease b = (await AcquireAsync(cache, "b"))!;
        Assert.Null(cache.TryAcquire(Name("c"), s_needs));
        b.Dispose();
        using KeyLease? c = await AcquireAsync(cache, "c");
        Assert.NotNull(c);
        Assert.Equal(7, a.Evaluate(_ => 7));
    }

    [Fact]
    public async Task An_evicted_key_lives_until_its_last_slice()
    {
        var loader = new CountingLoader();
        using ServerKeyCache cache = Cache(loader);
        KeyLease lease = (await AcquireAsync(cache, "a"))!;
        cache.Evict("t", "a");
        Assert.True(cache.UsedBytes > 0);
        Assert.Equal(7, lease.Evaluate(_ => 7));
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(0, cache.UsedBytes);
        (await AcquireAsync(cache, "a"))!.Dispose();
        Assert.Equal(2, loader.Loads);
        cache.Evict("other tenant", "a");
        Assert.True(cache.UsedBytes > 0);
    }

    [Fact]
    public async Task A_failed_load_gives_its_room_back_and_is_tried_again()
    {
        var loader = new CountingLoader { Fail = true };
        using ServerKeyCache cache = Cache(loader);
        KeyLease lease = cache.TryAcquire(Name("a"), s_needs)!;
        _ = await Assert.ThrowsAsync<SliceRefusedException>(() => lease.Ready);
        lease.Dispose();
        Assert.Equal(0, cache.UsedBytes);
        loader.Fail = false;
        using KeyLease? again = await AcquireAsync(cache, "a");
        Assert.NotNull(again);
    }

    [Fact]
    public void A_key_larger_than_the_cache_is_refused()
    {
        using ServerKeyCache cache = Cache(new CountingLoader(), (int)(s_needs.ExpandedBytes >> 20) - 1);
        SliceRefusedException e = Assert.Throws<SliceRefusedException>(() => cache.TryAcquire(Name("a"), s_needs));
        Assert.Equal(JobErrors.WorkerUnavailable, e.Code);
    }

    private static ServerKeyCache Cache(IKeyLoader loader, int? mebibytes = null, TimeProvider? time = null) =>
        new(
            loader,
            Options.Create(new WorkerOptions { KeyCacheMebibytes = mebibytes ?? s_mebibytes }),
            time ?? TimeProvider.System,
            new GrainsMetrics(s_meters),
            NullLogger<ServerKeyCache>.Instance);

    private static KeyName Name(string keySet) => new("t", keySet, "hash");

    private static async Task<KeyLease?> AcquireAsync(ServerKeyCache cache, string keySet)
    {
        KeyLease? lease = cache.TryAcquire(Name(keySet), s_needs);
        await (lease?.Ready ?? Task.CompletedTask);
        return lease;
    }

    private sealed class CountingLoader : IKeyLoader
    {
        private int _loads;

        public int Loads => _loads;

        public bool Fail { get; set; }

        public Action<string> BeforeLoad { get; init; } = _ => { };

        public Task<ServerKey> LoadAsync(KeyName name, KeyNeeds needs)
        {
            _ = Interlocked.Increment(ref _loads);
            BeforeLoad(name.KeySet);
            return Fail
                ? Task.FromException<ServerKey>(new SliceRefusedException(JobErrors.KeySetNotFound, "gone"))
                : Task.Run(() => ServerKey.Expand(TestModel.Shared.Evaluation, needs, 1));
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Pass(int seconds) => Interlocked.Add(ref _now, seconds * TimeSpan.TicksPerSecond);
    }
}
