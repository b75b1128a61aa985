using BlindGrain.Engine.Execution;
using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace BlindGrain.Gateway.Models;

/// <summary>
/// Reads models' files to tell of their circuits, one at a time: a file may take hundreds of megabytes of memory. The last few summaries are kept; versions never change.
/// </summary>
internal sealed class CircuitDirectory(ModelDirectory models, IBlobStore blobs) : IDisposable
{
    private const int MostKept = 64;
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The circuit of a tenant's model.</summary>
    /// <exception cref="ProblemException">There is no such model, for this tenant.</exception>
    public async Task<CircuitDocument> Find(string tenant, string model, string version, CancellationToken cancellation)
    {
        ModelInfo info = await models.Find(tenant, model, version);
        var name = (tenant, info.Model, info.Version, info.Sha256);
        if (_kept.TryGetValue(name, out CircuitDocument? kept))
        {
            return kept!;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            return _kept.TryGetValue(name, out kept) ? kept! : _kept.Set(name, await Read(tenant, info, cancellation), new MemoryCacheEntryOptions { Size = 1 });
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _gate.Dispose();
    }

    private async Task<CircuitDocument> Read(string tenant, ModelInfo info, CancellationToken cancellation)
    {
        await using BlobContent content = await blobs.OpenAsync(BlobNames.Model(tenant, info.Model, info.Version), cancellation)
            ?? throw ProblemException.NotFound(ErrorCodes.ModelNotFound, $"The file of model '{info.Model}' is gone.");

        // On a thread of its own: a large model takes seconds, and the thread pool answers everybody.
        return await Task.Factory.StartNew(() => CircuitDocument.From(info, CompiledModel.Read(content.Stream)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
