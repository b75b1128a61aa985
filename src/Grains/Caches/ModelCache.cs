using BlindGrain.Engine.Execution;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Caches;

/// <summary>Compiled models of this silo: each is read once, the least recently used go first. Thread-safe.</summary>
internal sealed class ModelCache(IBlobStore blobs, IOptions<WorkerOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ModelName, Entry> _entries = [];
    private long _clock;

    /// <summary>The model.</summary>
    /// <exception cref="Workers.SliceRefusedException">Its file is missing, damaged or another one.</exception>
    public Task<CompiledModel> GetAsync(ModelName name)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out Entry? entry))
            {
                if (_entries.Count >= options.Value.ModelCacheEntries)
                {
                    _ = _entries.Remove(_entries.MinBy(e => e.Value.LastUse).Key);
                }

                entry = new Entry();
                _entries.Add(name, entry);
                entry.Model = Task.Run(() => LoadAsync(name, entry));
            }

            entry.LastUse = ++_clock;
            return entry.Model;
        }
    }

    private async Task<CompiledModel> LoadAsync(ModelName name, Entry entry)
    {
        try
        {
            return await HashedBlob.ReadAsync(
                blobs, BlobNames.Model(name.Tenant, name.Model, name.Version), name.Sha256, JobErrors.ModelNotFound, CompiledModel.Read, model => model);
        }
        catch
        {
            // A failure is not remembered: the next caller tries again.
            lock (_gate)
            {
                if (_entries.TryGetValue(name, out Entry? present) && present == entry)
                {
                    _ = _entries.Remove(name);
                }
            }

            throw;
        }
    }

    private sealed class Entry
    {
        public Task<CompiledModel> Model { get; set; } = null!;

        public long LastUse { get; set; }
    }
}
