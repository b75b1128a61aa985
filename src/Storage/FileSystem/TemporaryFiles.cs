using Microsoft.Extensions.Logging;

namespace BlindGrain.Storage.FileSystem;

/// <summary>The folder in which blobs are written before they are renamed into place.</summary>
internal sealed class TemporaryFiles
{
    /// <summary>A file not written to for this long belongs to a process that died, or that no longer needs it.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    private readonly string _folder;

    public TemporaryFiles(string folder)
    {
        _folder = folder;
        _ = Directory.CreateDirectory(folder);
    }

    public string NewPath() => Path.Combine(_folder, Guid.NewGuid().ToString("N"));

    /// <summary>Deletes what dead processes left; files that are open elsewhere stay.</summary>
    public void DeleteOrphans(ILogger logger, TimeProvider time)
    {
        DateTime limit = time.GetUtcNow().UtcDateTime - OrphanAge;
        foreach (string path in Directory.EnumerateFiles(_folder))
        {
            if (File.GetLastWriteTimeUtc(path) > limit)
            {
                continue;
            }

            try
            {
                // Opening without sharing fails while a writer has the file.
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    File.Delete(path);
                }

                StorageLog.OrphanDeleted(logger, path);
            }
            catch (IOException e)
            {
                StorageLog.OrphanKept(logger, path, e);
            }
        }
    }
}
