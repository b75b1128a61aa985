using BlindGrain.Storage.FileSystem;
using BlindGrain.Storage.Tests.GrainState;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlindGrain.Storage.Tests.FileSystem;

/// <summary>The conformance tests of grain storage over a folder; its outage is a folder that is gone, as where a disk is unmounted.</summary>
public sealed class FileSystemGrainStorageTests : GrainStorageConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSystemBlobStore _store;

    public FileSystemGrainStorageTests() => _store = new FileSystemBlobStore(Data, NullLogger.Instance, TimeProvider.System);

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    protected override Task<IBlobStore> StoreAsync() => Task.FromResult<IBlobStore>(_store);

    protected override Task<IAsyncDisposable> OutageAsync()
    {
        string away = Data + "-away";
        Directory.Move(Data, away);

        // What a mount leaves behind: an empty folder of that name.
        _ = Directory.CreateDirectory(Data);
        return Task.FromResult<IAsyncDisposable>(new Return(() =>
        {
            Directory.Delete(Data);
            Directory.Move(away, Data);
        }));
    }

    private sealed class Return(Action action) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            action();
            return ValueTask.CompletedTask;
        }
    }
}
