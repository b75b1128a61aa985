using BlindGrain.Storage.GrainState;
using Orleans.Storage;

namespace BlindGrain.Storage.Tests.GrainState;

/// <summary>What grain storage does over every blob store; one subclass a backend.</summary>
public abstract class GrainStorageConformance
{
    private const string Name = "state";
    private static readonly GrainId s_grain = GrainId.Create("job", "tenant/one");

    /// <summary>Names that meet where escaping is careless.</summary>
    public static string[] Keys { get; } =
        ["a/b", "a_b", "a_2fb", "a.b", "A/b", "a/B", "ä", "a\u0308", "..", "a~b", new('x', 300), new string('x', 299) + "y", "_x", "tenant/model/1.0", "a b", "a%2fb", "a\\b", "\u0001", "日本"];

    [Fact]
    public async Task A_state_is_read_as_it_was_written_and_each_write_has_an_etag_of_its_own()
    {
        IGrainStorage storage = await StorageAsync();
        var written = new GrainState<Counter>(new Counter { Value = 7, Names = ["a", "ä\0\"", ""] });
        await storage.WriteStateAsync(Name, s_grain, written);
        Assert.True(written.RecordExists);
        string? first = written.ETag;
        GrainState<Counter> read = await ReadAsync(storage, s_grain);
        Assert.Equal(7, read.State!.Value);
        Assert.Equal(["a", "ä\0\"", ""], read.State!.Names);
        Assert.Equal((first, true), (read.ETag, read.RecordExists));
        await storage.WriteStateAsync(Name, s_grain, read);
        Assert.NotEqual(first, read.ETag);
        Assert.Equal(read.ETag, (await ReadAsync(storage, s_grain)).ETag);
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        IGrainStorage storage = await StorageAsync();
        var read = new GrainState<Counter>(new Counter { Value = 3 }) { ETag = "old", RecordExists = true };
        await storage.ReadStateAsync(Name, s_grain, read);
        AssertNew(read);
    }

    [Fact]
    public async Task States_of_one_grain_do_not_touch_each_other()
    {
        IGrainStorage storage = await StorageAsync();
        await storage.WriteStateAsync("one", s_grain, new GrainState<Counter>(new Counter { Value = 1 }));
        await storage.WriteStateAsync("two", s_grain, new GrainState<Counter>(new Counter { Value = 2 }));
        var read = new GrainState<Counter>();
        await storage.ReadStateAsync("one", s_grain, read);
        Assert.Equal(1, read.State!.Value);
        await storage.ClearStateAsync("one", s_grain, read);
        await storage.ReadStateAsync("two", s_grain, read);
        Assert.Equal(2, read.State!.Value);
    }

    [Fact]
    public async Task A_cleared_state_is_new_and_may_be_written_again()
    {
        IGrainStorage storage = await StorageAsync();
        var state = new GrainState<Counter>(new Counter { Value = 1 });
        await storage.ClearStateAsync(Name, s_grain, new GrainState<Counter>());
        await storage.WriteStateAsync(Name, s_grain, state);
        await storage.ClearStateAsync(Name, s_grain, state);
        AssertNew(state);
        AssertNew(await ReadAsync(storage, s_grain));
        state.State = new Counter { Value = 2 };
        await storage.WriteStateAsync(Name, s_grain, state);
        Assert.Equal(2, (await ReadAsync(storage, s_grain)).State!.Value);
    }

    [Fact]
    public async Task Whoever_knows_an_old_state_is_told_and_changes_nothing()
    {
        IGrainStorage storage = await StorageAsync();
        var one = new GrainState<Counter>(new Counter { Value = 1 });
        var two = new GrainState<Counter>(new Counter { Value = 2 });
        await storage.WriteStateAsync(Name, s_grain, one);

        // It was new to both; then one of them writes what the other has read.
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(Name, s_grain, two));
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(Name, s_grain, two));
        Assert.Equal(1, (await ReadAsync(storage, s_grain)).State!.Value);
        await storage.ReadStateAsync(Name, s_grain, two);
        two.State!.Value = 2;
        await storage.WriteStateAsync(Name, s_grain, two);
        string? stale = one.ETag;
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(Name, s_grain, one));
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(Name, s_grain, one));
        Assert.Equal(stale, one.ETag);
        Assert.Equal(2, (await ReadAsync(storage, s_grain)).State!.Value);

        // Cleared by the other: neither a write nor a second clearing may succeed unnoticed.
        await storage.ClearStateAsync(Name, s_grain, two);
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(Name, s_grain, one));
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(Name, s_grain, one));
        AssertNew(await ReadAsync(storage, s_grain));
    }

    [Fact]
    public async Task Of_many_activations_that_write_at_once_one_succeeds()
    {
        IGrainStorage storage = await StorageAsync();
        Assert.Equal(1, await WriteAtOnceAsync(storage, () => Task.FromResult(new GrainState<Counter>(new Counter()))));
        Assert.Equal(1, await WriteAtOnceAsync(storage, () => ReadAsync(storage, s_grain)));
    }

    [Fact]
    public async Task Grains_of_similar_names_keep_their_own_states()
    {
        IGrainStorage storage = await StorageAsync();
        for (int i = 0; i < Keys.Length; i++)
        {
            await storage.WriteStateAsync(Name, GrainId.Create("job", Keys[i]), new GrainState<Counter>(new Counter { Value = i + 1 }));
        }

        for (int i = 0; i < Keys.Length; i++)
        {
            Assert.Equal(i + 1, (await ReadAsync(storage, GrainId.Create("job", Keys[i]))).State!.Value);
        }

        AssertNew(await ReadAsync(storage, GrainId.Create("model", Keys[0])));
    }

    [Theory]
    [InlineData("{ \"value\": ")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\0\0\0\0")]
    public async Task A_damaged_state_is_an_error_and_not_a_new_state(string damaged)
    {
        IBlobStore blobs = await StoreAsync();
        _ = await blobs.WriteAsync(GrainStateNames.For(Name, s_grain), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(damaged)));
        _ = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(new BlobGrainStorage(blobs), s_grain));
    }

    [Fact]
    public async Task A_backend_that_is_away_is_an_error_and_never_an_empty_state()
    {
        IGrainStorage storage = await StorageAsync();
        var state = new GrainState<Counter>(new Counter { Value = 1 });
        await storage.WriteStateAsync(Name, s_grain, state);
        string? etag = state.ETag;
        await using (await OutageAsync())
        {
            var read = new GrainState<Counter>(new Counter { Value = 5 }) { ETag = "kept", RecordExists = true };
            await AssertOutageAsync(() => storage.ReadStateAsync(Name, s_grain, read));
            Assert.Equal((5, "kept", true), (read.State!.Value, read.ETag, read.RecordExists));
            await AssertOutageAsync(() => storage.ReadStateAsync(Name, GrainId.Create("job", "none"), read));
            await AssertOutageAsync(() => storage.WriteStateAsync(Name, s_grain, state));
            await AssertOutageAsync(() => storage.WriteStateAsync(Name, GrainId.Create("job", "new"), new GrainState<Counter>(new Counter())));
            await AssertOutageAsync(() => storage.ClearStateAsync(Name, s_grain, state));
            Assert.Equal((etag, true), (state.ETag, state.RecordExists));
        }

        Assert.Equal(1, (await ReadAsync(storage, s_grain)).State!.Value);
        await storage.WriteStateAsync(Name, s_grain, state);
    }

    /// <summary>The blob store of this test, empty.</summary>
    protected abstract Task<IBlobStore> StoreAsync();

    /// <summary>Takes the store's backend away, with all that it holds, until the result is disposed.</summary>
    protected abstract Task<IAsyncDisposable> OutageAsync();

    private static async Task AssertOutageAsync(Func<Task> call)
    {
        Exception e = await Assert.ThrowsAnyAsync<Exception>(call);
        Assert.IsNotType<InconsistentStateException>(e);
    }

    private static async Task<int> WriteAtOnceAsync(IGrainStorage storage, Func<Task<GrainState<Counter>>> activate)
    {
        GrainState<Counter>[] activations = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => activate()))];
        bool[] written = await Task.WhenAll(activations.Select((state, i) => Task.Run(async () =>
        {
            state.State = new Counter { Value = i };
            try
            {
                await storage.WriteStateAsync(Name, s_grain, state);
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        })));
        Assert.Equal(Array.IndexOf(written, true), (await ReadAsync(storage, s_grain)).State!.Value);
        return written.Count(w => w);
    }

    private static async Task<GrainState<Counter>> ReadAsync(IGrainStorage storage, GrainId grain)
    {
        var state = new GrainState<Counter>();
        await storage.ReadStateAsync(Name, grain, state);
        return state;
    }

    private static void AssertNew(GrainState<Counter> state)
    {
        Assert.Equal(0, state.State!.Value);
        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
    }

    private async Task<IGrainStorage> StorageAsync() => new BlobGrainStorage(await StoreAsync());

    private sealed class Counter
    {
        public int Value { get; set; }

        public List<string> Names { get; set; } = [];
    }
}
