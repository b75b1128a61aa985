using System.Globalization;
using System.Text;

namespace BlindGrain.Storage.Tests;

/// <summary>What every blob store does; one subclass a backend.</summary>
public abstract class BlobStoreConformance
{
    protected abstract Task<IBlobStore> StoreAsync();

    [Fact]
    public async Task What_is_written_is_read_with_its_length_and_etag()
    {
        IBlobStore store = await StoreAsync();
        byte[] content = new byte[300_000];
        new Random(1).NextBytes(content);
        string etag = await store.WriteAsync("tenants/a/models/m/1.bgc", new MemoryStream(content));
        await using BlobContent? blob = await store.OpenAsync("tenants/a/models/m/1.bgc");
        Assert.NotNull(blob);
        Assert.Equal(content.Length, blob.Length);
        Assert.Equal(etag, blob.ETag);
        using var copy = new MemoryStream();
        await blob.Stream.CopyToAsync(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob_and_a_missing_one_is_null()
    {
        IBlobStore store = await StoreAsync();
        _ = await store.WriteAsync("empty", new MemoryStream());
        await using BlobContent? blob = await store.OpenAsync("empty");
        Assert.Equal(0, blob!.Length);
        Assert.Null(await store.OpenAsync("missing"));
        Assert.Null(await store.OpenAsync("missing/folder"));
    }

    [Fact]
    public async Task A_write_that_demands_absence_conflicts_with_a_present_blob()
    {
        IBlobStore store = await StoreAsync();
        _ = await WriteAsync(store, "x", "first", BlobCondition.Absent);
        _ = await Assert.ThrowsAsync<BlobConflictException>(() => WriteAsync(store, "x", "second", BlobCondition.Absent));
        Assert.Equal("first", await ReadAsync(store, "x"));
    }

    [Fact]
    public async Task A_write_or_delete_with_an_old_etag_conflicts()
    {
        IBlobStore store = await StoreAsync();
        string first = await WriteAsync(store, "x", "first");
        string second = await WriteAsync(store, "x", "second", BlobCondition.Match(first));
        Assert.NotEqual(first, second);
        _ = await Assert.ThrowsAsync<BlobConflictException>(() => WriteAsync(store, "x", "third", BlobCondition.Match(first)));
        _ = await Assert.ThrowsAsync<BlobConflictException>(() => store.DeleteAsync("x", BlobCondition.Match(first)));
        Assert.Equal("second", await ReadAsync(store, "x"));
        await store.DeleteAsync("x", BlobCondition.Match(second));
        Assert.Null(await store.OpenAsync("x"));
        _ = await Assert.ThrowsAsync<BlobConflictException>(() => WriteAsync(store, "x", "fourth", BlobCondition.Match(second)));
        _ = await Assert.ThrowsAsync<BlobConflictException>(() => store.DeleteAsync("x", BlobCondition.Match(second)));
        await store.DeleteAsync("x");
    }

    [Fact]
    public async Task The_same_content_written_again_has_another_etag()
    {
        IBlobStore store = await StoreAsync();
        string first = await WriteAsync(store, "x", "same");
        Assert.NotEqual(first, await WriteAsync(store, "x", "same"));
    }

    [Fact]
    public async Task Of_many_writers_with_one_etag_exactly_one_wins()
    {
        IBlobStore store = await StoreAsync();
        for (int round = 0; round < 3; round++)
        {
            string etag = await WriteAsync(store, "x", "start");
            bool[] won = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => TryAsync(store, $"{i}", BlobCondition.Match(etag)))));
            Assert.Equal(1, won.Count(w => w));
            Assert.Equal(Array.IndexOf(won, true).ToString(CultureInfo.InvariantCulture), await ReadAsync(store, "x"));
            await store.DeleteAsync("x");
            won = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => TryAsync(store, $"{i}", BlobCondition.Absent))));
            Assert.Equal(1, won.Count(w => w));
        }

        static async Task<bool> TryAsync(IBlobStore store, string content, BlobCondition condition)
        {
            try
            {
                _ = await WriteAsync(store, "x", content, condition);
                return true;
            }
            catch (BlobConflictException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Names_are_listed_by_prefix_in_ordinal_order()
    {
        IBlobStore store = await StoreAsync();
        foreach (string name in new[] { "a/b", "a/B", "a/b/c", "a/b.d", "a-b", "ab/c", "b", "a" })
        {
            _ = await WriteAsync(store, name, name);
        }

        Assert.Equal(["a", "a-b", "a/B", "a/b", "a/b.d", "a/b/c", "ab/c", "b"], await ListAsync(store, ""));
        Assert.Equal(["a/B", "a/b", "a/b.d", "a/b/c"], await ListAsync(store, "a/"));
        Assert.Equal(["a/b", "a/b.d", "a/b/c"], await ListAsync(store, "a/b"));
        Assert.Equal(["a/b/c"], await ListAsync(store, "a/b/"));
        Assert.Empty(await ListAsync(store, "c/d/"));
        await foreach (BlobEntry entry in store.ListAsync("a/b/"))
        {
            Assert.Equal(5, entry.Length);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a/.../b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    [InlineData("a~")]
    [InlineData("C:x")]
    public async Task A_name_that_could_lead_elsewhere_is_refused(string name)
    {
        IBlobStore store = await StoreAsync();
        _ = await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(store, name, "x"));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(name));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name));
        Assert.Empty(await ListAsync(store, ""));
    }

    [Fact]
    public async Task A_name_too_long_is_refused_and_the_longest_works()
    {
        IBlobStore store = await StoreAsync();
        string segment = new('s', 100);
        string longest = string.Join('/', Enumerable.Repeat(segment, 5));
        _ = await WriteAsync(store, longest, "x");
        Assert.Equal("x", await ReadAsync(store, longest));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(store, longest + "/12345678", "x"));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_the_old_blob_and_nothing_else()
    {
        IBlobStore store = await StoreAsync();
        _ = await WriteAsync(store, "x", "old");
        using var cancellation = new CancellationTokenSource();
        var content = new CancellingStream(cancellation);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync("x", content, default, cancellation.Token));
        using var again = new CancellationTokenSource();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync("y", new CancellingStream(again), default, again.Token));
        Assert.Equal("old", await ReadAsync(store, "x"));
        Assert.Equal(["x"], await ListAsync(store, ""));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_reader_keeps_the_blob_it_opened_while_another_is_written()
    {
        IBlobStore store = await StoreAsync();
        _ = await WriteAsync(store, "x", "old");
        await using BlobContent? blob = await store.OpenAsync("x");
        _ = await WriteAsync(store, "x", "new");
        using var reader = new StreamReader(blob!.Stream);
        Assert.Equal("old", await reader.ReadToEndAsync());
        Assert.Equal("new", await ReadAsync(store, "x"));
    }

    protected static Task<string> WriteAsync(IBlobStore store, string name, string content, BlobCondition condition = default) =>
        store.WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(content)), condition);

    protected static async Task<string?> ReadAsync(IBlobStore store, string name)
    {
        await using BlobContent? blob = await store.OpenAsync(name);
        if (blob is null)
        {
            return null;
        }

        using var reader = new StreamReader(blob.Stream);
        return await reader.ReadToEndAsync();
    }

    protected static async Task<List<string>> ListAsync(IBlobStore store, string prefix)
    {
        var names = new List<string>();
        await foreach (BlobEntry entry in store.ListAsync(prefix))
        {
            names.Add(entry.Name);
        }

        return names;
    }

    protected virtual Task NothingIsLeftAsync() => Task.CompletedTask;

    /// <summary>Gives a megabyte, then cancels the write that reads it.</summary>
    private sealed class CancellingStream(CancellationTokenSource cancellation) : Stream
    {
        private int _left = 1 << 20;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left <= 0)
            {
                cancellation.Cancel();
                _left = 1 << 20;
            }

            _left -= count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
