using BlindGrain.Storage.FileSystem;
using BlindGrain.Storage.GrainState;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace BlindGrain.Storage.Tests.GrainState;

public sealed class BlobGrainStorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSystemBlobStore _blobs;
    private readonly BlobGrainStorage _storage;

    public BlobGrainStorageTests()
    {
        _blobs = new FileSystemBlobStore(_folder.Path, NullLogger.Instance, TimeProvider.System);
        _storage = new BlobGrainStorage(_blobs);
    }

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_state_survives_and_changes_its_etag()
    {
        GrainId grain = GrainId.Create("job", "tenant/one");
        var written = new GrainState<Counter>(new Counter { Value = 7, Names = ["a", "b"] });
        await _storage.WriteStateAsync("state", grain, written);
        Assert.True(written.RecordExists);
        string? first = written.ETag;
        var read = new GrainState<Counter>();
        await _storage.ReadStateAsync("state", grain, read);
        Assert.Equal(7, read.State!.Value);
        Assert.Equal(["a", "b"], read.State!.Names);
        Assert.Equal(first, read.ETag);
        read.State!.Value++;
        await _storage.WriteStateAsync("state", grain, read);
        Assert.NotEqual(first, read.ETag);
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var read = new GrainState<Counter>(new Counter { Value = 3 }) { ETag = "old", RecordExists = true };
        await _storage.ReadStateAsync("state", GrainId.Create("job", "none"), read);
        Assert.Equal(0, read.State!.Value);
        Assert.Null(read.ETag);
        Assert.False(read.RecordExists);
    }

    [Fact]
    public async Task The_second_of_two_activations_is_told_that_it_is_stale()
    {
        GrainId grain = GrainId.Create("job", "tenant/one");
        var one = new GrainState<Counter>(new Counter { Value = 1 });
        var two = new GrainState<Counter>(new Counter { Value = 2 });
        await _storage.WriteStateAsync("state", grain, one);
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", grain, two));
        await _storage.ReadStateAsync("state", grain, two);
        await _storage.WriteStateAsync("state", grain, two);
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", grain, one));
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("state", grain, one));
        await _storage.ClearStateAsync("state", grain, two);
        Assert.False(two.RecordExists);
        _ = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", grain, one));
    }

    [Fact]
    public async Task A_damaged_state_is_an_error_and_not_a_new_state()
    {
        GrainId grain = GrainId.Create("job", "tenant/one");
        _ = await _blobs.WriteAsync(GrainStateNames.For("state", grain), new MemoryStream("{ \"value\": "u8.ToArray()));
        _ = await Assert.ThrowsAnyAsync<Exception>(() => _storage.ReadStateAsync("state", grain, new GrainState<Counter>()));
    }

    [Fact]
    public void Different_grains_never_share_a_name()
    {
        string[] keys = ["a/b", "a_b", "a_2fb", "a.b", "A/b", "ä", "", "..", "a~b", new('x', 300), new string('x', 299) + "y", "_x", "tenant/model/1.0"];
        string[] names = [.. keys.Select(k => GrainStateNames.For("state", GrainId.Create("job", k.Length == 0 ? "empty" : k)))];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => BlobNameRules.Check(name));
        Assert.Equal("_x", GrainStateNames.Escape(""));
        Assert.NotEqual(GrainStateNames.Escape(""), GrainStateNames.Escape("_x"));
    }

    private sealed class Counter
    {
        public int Value { get; set; }

        public List<string> Names { get; set; } = [];
    }
}
