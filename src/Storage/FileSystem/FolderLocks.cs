using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Storage.FileSystem;

/// <summary>
/// Locks that hold between threads and between processes on one folder: one lock file for each of 64 stripes of names, held open
/// without sharing. The operating system frees the lock of a process that dies. Held only for a check and a rename.
/// </summary>
internal sealed class FolderLocks : IDisposable
{
    private const int Stripes = 64;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly SemaphoreSlim[] _threads = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    public FolderLocks(string folder)
    {
        _folder = folder;
        _ = Directory.CreateDirectory(folder);
    }

    /// <summary>Waits for the lock of a name's stripe; dispose what is returned.</summary>
    /// <exception cref="IOException">Another process has held it for half a minute.</exception>
    public async Task<IDisposable> AcquireAsync(string name, CancellationToken cancellation)
    {
        int stripe = SHA256.HashData(Encoding.UTF8.GetBytes(name))[0] % Stripes;
        await _threads[stripe].WaitAsync(cancellation);
        try
        {
            return new Held(await OpenAsync(Path.Combine(_folder, $"{stripe:D2}"), cancellation), _threads[stripe]);
        }
        catch
        {
            _ = _threads[stripe].Release();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim semaphore in _threads)
        {
            semaphore.Dispose();
        }
    }

    private static async Task<FileStream> OpenAsync(string path, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && TimeProvider.System.GetElapsedTime(begun) < s_patience)
            {
                // Another process holds it; files know no queue, so ask again soon.
                await Task.Delay(Random.Shared.Next(1, 4 + Math.Min(attempt, 30)), cancellation);
            }
        }
    }

    private sealed class Held(FileStream file, SemaphoreSlim threads) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            _ = threads.Release();
        }
    }
}
