namespace BlindGrain.ScaleModel;

/// <summary>Something that serves one after the other in the order of arrival: a direction of a network card, a storage account, a silo's message handling.</summary>
internal sealed class SerialResource
{
    private double _free;

    /// <summary>The milliseconds for which it served, or will have served when what was asked of it is done.</summary>
    public double Busy { get; private set; }

    /// <summary>When something is done that is asked for now.</summary>
    /// <param name="now">Now.</param>
    /// <param name="duration">What it takes, in milliseconds.</param>
    public double Serve(double now, double duration)
    {
        _free = Math.Max(_free, now) + duration;
        Busy += duration;
        return _free;
    }
}
