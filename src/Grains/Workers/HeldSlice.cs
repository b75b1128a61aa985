using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Workers;

/// <summary>One slice that a worker has taken on: it waits for its model, its key, a thread, and can be dropped at any time. Thread-safe.</summary>
internal sealed class HeldSlice(SliceOwner owner, SliceName name)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SliceItem? _item;
    private Action<SliceItem>? _drop;

    public SliceOwner Owner => owner;

    public SliceName Name => name;

    /// <summary>Its answer, for those who send it again; set before anybody can find the slice.</summary>
    public Task<SliceResult> Answer { get; set; } = null!;

    /// <summary>Waits for something that the slice needs.</summary>
    /// <exception cref="OperationCanceledException">The slice was dropped first.</exception>
    public async Task WaitAsync(Task needed)
    {
        if (await Task.WhenAny(_dropped.Task, needed) == _dropped.Task)
        {
            throw new OperationCanceledException();
        }

        await needed;
    }

    /// <summary>From now on it waits for a thread; <paramref name="drop"/> takes it from there.</summary>
    /// <exception cref="OperationCanceledException">It was dropped meanwhile.</exception>
    public void Queue(SliceItem item, Action<SliceItem> drop)
    {
        lock (_gate)
        {
            if (_dropped.Task.IsCompleted)
            {
                throw new OperationCanceledException();
            }

            (_item, _drop) = (item, drop);
        }
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Drop() => Drop(evenBegun: true);

    /// <summary>Drops it where no thread has taken any of it.</summary>
    public void DropUnlessBegun() => Drop(evenBegun: false);

    private void Drop(bool evenBegun)
    {
        lock (_gate)
        {
            if (!evenBegun && _item?.HasBegun == true)
            {
                return;
            }

            _ = _dropped.TrySetResult();
        }

        if (_item is { } item)
        {
            _drop!(item);
        }
    }
}
