using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Jobs;

/// <summary>A run of a layer's rotations, and where it is under way. Belongs to one dispatcher.</summary>
internal sealed class Slice(Layer layer, int first, int count)
{
    public Layer Layer => layer;

    public int First => first;

    public SliceName Name => new(layer.Step, first);

    public int Count => count;

    /// <summary>How often it was sent and not computed.</summary>
    public int Failures { get; set; }

    /// <summary>Its first result has come.</summary>
    public bool IsDone { get; set; }

    /// <summary>Where it is computed: one silo, or two where the first takes too long.</summary>
    public List<Flight> Flights { get; } = [];
}

/// <summary>A slice on its way to a silo and back.</summary>
internal sealed class Flight(Slice slice, SiloAddress silo, long sent)
{
    public Slice Slice => slice;

    public SiloAddress Silo => silo;

    /// <summary>The clock's time stamp when it was sent.</summary>
    public long Sent => sent;

    /// <summary>How often in a row its silo said that it does not hold the slice.</summary>
    public int Missed { get; set; }

    /// <summary>It is no longer counted on its silo.</summary>
    public bool IsGone { get; set; }
}
