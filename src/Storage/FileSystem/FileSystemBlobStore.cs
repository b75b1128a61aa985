using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Storage.FileSystem;

/// <summary>
/// Blobs as files of one folder, which any number of processes of one machine may share. A write goes to a temporary file,
/// through to the disk, and is renamed into place under a lock with its condition checked. The file system must tell names of
/// different case apart and must support file locks.
/// </summary>
internal sealed class FileSystemBlobStore : IBlobStore, IDisposable
{
    /// <summary>Ends every blob's file name; no blob name holds it, so "a" and "a/b" can both exist.</summary>
    private const string Suffix = "~";

    private readonly string _blobs;
    private readonly TemporaryFiles _temporary;
    private readonly FolderLocks _locks;

    public FileSystemBlobStore(string folder, ILogger logger, TimeProvider time)
    {
        string root = Path.GetFullPath(folder);
        _blobs = Directory.CreateDirectory(Path.Combine(root, "blobs")).FullName;
        _temporary = new TemporaryFiles(Path.Combine(root, "temporary"));
        _locks = new FolderLocks(Path.Combine(root, "locks"));
        _temporary.DeleteOrphans(logger, time);
    }

    public async Task<string> WriteAsync(string name, Stream content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        ArgumentNullException.ThrowIfNull(content);
        string path = PathOf(name);

        // Asked twice: here so that a hopeless write does not read its content, under the lock because only that counts.
        CheckCondition(name, path, condition);
        string temporary = _temporary.NewPath();
        try
        {
            string etag = await BlobFile.CreateAsync(temporary, content, cancellation);
            using (await _locks.AcquireAsync(name, cancellation))
            {
                CheckCondition(name, path, condition);
                MoveInto(temporary, path);
            }

            return etag;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<BlobContent?> OpenAsync(string name, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        cancellation.ThrowIfCancellationRequested();
        BlobContent? blob = BlobFile.Open(PathOf(name));
        CheckFolder(blob is not null);
        return Task.FromResult(blob);
    }

    public async Task DeleteAsync(string name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        string path = PathOf(name);
        using (await _locks.AcquireAsync(name, cancellation))
        {
            CheckCondition(name, path, condition);
            if (!File.Exists(path))
            {
                CheckFolder(found: false);
                return;
            }

            File.Delete(path);
        }

        DeleteEmptyFolders(Path.GetDirectoryName(path)!);
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        BlobNameRules.CheckPrefix(prefix);
        string folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        var found = new List<BlobEntry>();
        Collect(new DirectoryInfo(Path.Combine(_blobs, folder)), folder, prefix, found);
        CheckFolder(found.Count > 0);
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (BlobEntry entry in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }

        await Task.CompletedTask;
    }

    public void Dispose() => _locks.Dispose();

    private static void Collect(DirectoryInfo folder, string folderName, string prefix, List<BlobEntry> found)
    {
        FileSystemInfo[] children;
        try
        {
            children = folder.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            // Its last blob was deleted meanwhile, or there never was one.
            return;
        }

        foreach (FileSystemInfo child in children)
        {
            string name = folderName + child.Name;
            if (child is DirectoryInfo inner && (name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(name + '/', StringComparison.Ordinal)))
            {
                Collect(inner, name + '/', prefix, found);
            }
            else if (child is FileInfo file && name.EndsWith(Suffix, StringComparison.Ordinal) && name.AsSpan()[..^Suffix.Length].StartsWith(prefix, StringComparison.Ordinal))
            {
                if (LengthOf(file) is { } length)
                {
                    found.Add(new BlobEntry(name[..^Suffix.Length], length - BlobFile.HeaderSize));
                }
            }
        }
    }

    /// <summary>A file's length, which is read only now; null where the file was deleted since its folder was listed.</summary>
    private static long? LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A folder that is gone (a disk unmounted, say) must not look like one that is empty.</summary>
    private void CheckFolder(bool found)
    {
        if (!found && !Directory.Exists(_blobs))
        {
            throw new IOException($"The storage folder {_blobs} is gone; is its disk mounted?");
        }
    }

    private void CheckCondition(string name, string path, BlobCondition condition)
    {
        if (condition.MustNotExist && File.Exists(path))
        {
            throw new BlobConflictException($"Blob {name} exists already.");
        }

        if (condition.IfMatch is { } expected)
        {
            using BlobHandle present = new(BlobFile.Open(path));
            CheckFolder(present.ETag is not null);
            if (present.ETag != expected)
            {
                throw new BlobConflictException(present.ETag is null ? $"Blob {name} does not exist." : $"Blob {name} has been changed: its ETag is no longer {expected}.");
            }
        }
    }

    private static void MoveInto(string temporary, string path)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(temporary, path, overwrite: true);
                return;
            }
            catch (IOException e) when (attempt < 100 && IsFolderGone(e) && File.Exists(temporary))
            {
                // A delete of the folder's last blob took the folder away meanwhile.
            }
        }
    }

    /// <summary>
    /// Whether an operation failed for want of a folder: also if the folder was there when it was to be made and gone when that was looked at, which reads "already exists" (EEXIST,
    /// ERROR_ALREADY_EXISTS).
    /// </summary>
    private static bool IsFolderGone(IOException e) => e is DirectoryNotFoundException or FileNotFoundException || e.HResult is 17 or unchecked((int)0x800700B7);

    private void DeleteEmptyFolders(string folder)
    {
        while (folder.Length > _blobs.Length)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty, or gone already: either way nothing is left to do.
                return;
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private string PathOf(string name) => Path.Combine(_blobs, name.Replace('/', Path.DirectorySeparatorChar)) + Suffix;

    private readonly struct BlobHandle(BlobContent? blob) : IDisposable
    {
        public string? ETag => blob?.ETag;

        public void Dispose() => blob?.Stream.Dispose();
    }
}
