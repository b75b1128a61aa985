using BlindGrain.Storage.FileSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlindGrain.Storage.Tests.FileSystem;

public sealed class FileSystemBlobStoreTests : BlobStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSystemBlobStore _store;

    public FileSystemBlobStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_stores_on_one_folder_respect_each_others_conditions()
    {
        // Two stores share no memory, only lock files: to each other they are like two processes.
        using FileSystemBlobStore other = Open();
        IBlobStore[] stores = [_store, other];
        const int PerStore = 20;
        _ = await WriteAsync(_store, "counter", "0");
        await Task.WhenAll(stores.Select(s => Task.Run(() => CountAsync(s, PerStore))));
        Assert.Equal("40", await ReadAsync(_store, "counter"));

        static async Task CountAsync(IBlobStore store, int times)
        {
            while (times > 0)
            {
                await using BlobContent blob = (await store.OpenAsync("counter"))!;
                using var reader = new StreamReader(blob.Stream);
                int value = int.Parse(await reader.ReadToEndAsync(), System.Globalization.CultureInfo.InvariantCulture);
                try
                {
                    _ = await WriteAsync(store, "counter", $"{value + 1}", BlobCondition.Match(blob.ETag));
                    times--;
                }
                catch (BlobConflictException)
                {
                    // The other one was faster: read again.
                }
            }
        }
    }

    [Fact]
    public async Task Writers_and_deleters_of_one_folder_do_not_trip_over_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (int round = 0; round < 50; round++)
            {
                _ = await WriteAsync(_store, $"jobs/j/values/{i}", "x");
                await _store.DeleteAsync($"jobs/j/values/{i}");
            }
        })));
        Assert.Empty(await ListAsync(_store, ""));
    }

    [Fact]
    public async Task A_listing_does_not_trip_over_blobs_that_are_deleted_meanwhile()
    {
        for (int round = 0; round < 10; round++)
        {
            string[] names = [.. Enumerable.Range(0, 100).Select(i => $"chunks/{i:D3}")];
            foreach (string name in names)
            {
                _ = await WriteAsync(_store, name, "x");
            }

            Task deleted = Task.Run(async () =>
            {
                foreach (string name in names)
                {
                    await _store.DeleteAsync(name);
                }
            });
            while (!deleted.IsCompleted)
            {
                _ = await ListAsync(_store, "chunks/");
            }

            await deleted;
        }
    }

    [Fact]
    public async Task A_content_can_be_sought()
    {
        _ = await WriteAsync(_store, "x", "0123456789");
        await using BlobContent? blob = await _store.OpenAsync("x");
        Assert.Equal(7, blob!.Stream.Seek(-3, SeekOrigin.End));
        Assert.Equal('7', blob.Stream.ReadByte());
        blob.Stream.Position = 2;
        Assert.Equal('2', blob.Stream.ReadByte());
        Assert.Equal(10, blob.Stream.Length);
    }

    [Fact]
    public async Task Orphans_of_dead_processes_go_and_what_is_in_use_stays()
    {
        string temporary = Path.Combine(_folder.Path, "temporary");
        string orphan = Path.Combine(temporary, "orphan"), young = Path.Combine(temporary, "young"), open = Path.Combine(temporary, "open");
        foreach (string path in new[] { orphan, young, open })
        {
            await File.WriteAllTextAsync(path, "half a blob");
        }

        DateTime old = DateTime.UtcNow - TemporaryFiles.OrphanAge - TimeSpan.FromMinutes(1);
        File.SetLastWriteTimeUtc(orphan, old);
        File.SetLastWriteTimeUtc(open, old);
        using (new FileStream(open, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using FileSystemBlobStore again = Open();
            Assert.False(File.Exists(orphan));
            Assert.True(File.Exists(young));
            Assert.True(File.Exists(open));
        }
    }

    [Fact]
    public async Task A_damaged_file_is_an_error_and_not_an_empty_blob()
    {
        _ = await WriteAsync(_store, "x", "something long enough");
        string path = Directory.GetFiles(Path.Combine(_folder.Path, "blobs")).Single();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..^3]);
        _ = await Assert.ThrowsAsync<IOException>(() => _store.OpenAsync("x"));
        await File.WriteAllBytesAsync(path, []);
        _ = await Assert.ThrowsAsync<IOException>(() => _store.OpenAsync("x"));
    }

    [Fact]
    public async Task Empty_folders_go_with_their_last_blob()
    {
        _ = await WriteAsync(_store, "a/b/c", "x");
        _ = await WriteAsync(_store, "a/d", "x");
        await _store.DeleteAsync("a/b/c");
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "blobs/a/b")));
        Assert.Equal("x", await ReadAsync(_store, "a/d"));
    }

    protected override Task<IBlobStore> StoreAsync() => Task.FromResult<IBlobStore>(_store);

    protected override Task NothingIsLeftAsync()
    {
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "temporary")));
        return Task.CompletedTask;
    }

    private FileSystemBlobStore Open() => new(_folder.Path, NullLogger.Instance, TimeProvider.System);
}
