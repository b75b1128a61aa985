using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Workers;

/// <summary>
/// The slices that a worker has taken on and not answered, from a key that is still to be loaded to the last rotation: what it says when asked whether it is
/// at work, and what a cancellation reaches. Thread-safe.
/// </summary>
internal sealed class HeldSlices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SliceOwner, Dictionary<SliceName, HeldSlice>> _owners = [];

    /// <summary>Whether the worker is about to leave: what comes is turned away.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Takes a slice on; null where it is held already or the worker drains.</summary>
    public HeldSlice? TryAdd(SliceOwner owner, SliceName name)
    {
        lock (_gate)
        {
            if (IsDraining)
            {
                return null;
            }

            if (!_owners.TryGetValue(owner, out Dictionary<SliceName, HeldSlice>? slices))
            {
                _owners.Add(owner, slices = []);
            }

            var held = new HeldSlice(owner, name);
            return slices.TryAdd(name, held) ? held : null;
        }
    }

    /// <summary>A slice that is held, or null.</summary>
    public HeldSlice? Find(SliceOwner owner, SliceName name)
    {
        lock (_gate)
        {
            return _owners.GetValueOrDefault(owner)?.GetValueOrDefault(name);
        }
    }

    /// <summary>An owner's slices.</summary>
    public SliceName[] Of(SliceOwner owner)
    {
        lock (_gate)
        {
            return [.. _owners.GetValueOrDefault(owner)?.Keys ?? Enumerable.Empty<SliceName>()];
        }
    }

    /// <summary>Drops an owner's slices.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="slices">The slices; null for all.</param>
    public void Cancel(SliceOwner owner, SliceName[]? slices)
    {
        HeldSlice[] cancelled;
        lock (_gate)
        {
            cancelled = [.. _owners.GetValueOrDefault(owner)?.Where(s => slices is null || slices.Contains(s.Key)).Select(s => s.Value) ?? []];
        }

        Array.ForEach(cancelled, h => h.Drop());
    }

    /// <summary>Drops every slice that has not begun, so that its job sends it elsewhere, and takes no more.</summary>
    public void Drain()
    {
        HeldSlice[] all;
        lock (_gate)
        {
            IsDraining = true;
            all = [.. _owners.Values.SelectMany(o => o.Values)];
        }

        Array.ForEach(all, h => h.DropUnlessBegun());
    }

    /// <summary>A slice has been answered.</summary>
    public void Remove(HeldSlice held)
    {
        lock (_gate)
        {
            if (_owners.TryGetValue(held.Owner, out Dictionary<SliceName, HeldSlice>? slices) && slices.Remove(held.Name) && slices.Count == 0)
            {
                _ = _owners.Remove(held.Owner);
            }
        }
    }
}
