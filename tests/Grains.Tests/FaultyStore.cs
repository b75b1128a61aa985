using BlindGrain.Storage;

namespace BlindGrain.Grains.Tests;

/// <summary>The real store, whose reads and writes can be made to wait or fail: what a slow or broken disk does at a moment that the test chooses.</summary>
internal sealed class FaultyStore(IBlobStore inner) : IBlobStore
{
    /// <summary>Called with a blob's name before each write; what it throws, the write throws.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>The same before each read.</summary>
    public Func<string, Task> BeforeOpen { get; set; } = _ => Task.CompletedTask;

    public async Task<string> WriteAsync(string name, Stream content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        await BeforeWrite(name);
        return await inner.WriteAsync(name, content, condition, cancellation);
    }

    public async Task<BlobContent?> OpenAsync(string name, CancellationToken cancellation = default)
    {
        await BeforeOpen(name);
        return await inner.OpenAsync(name, cancellation);
    }

    public Task DeleteAsync(string name, BlobCondition condition = default, CancellationToken cancellation = default) => inner.DeleteAsync(name, condition, cancellation);

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
}
