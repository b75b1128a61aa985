namespace BlindGrain.Grains.Interfaces;

/// <summary>Answers at once wherever it is called: in the caller's own silo, or in the silo that a client is connected to. Shows that a silo takes and answers calls.</summary>
[Alias("BlindGrain.IPulseGrain")]
public interface IPulseGrain : IGrainWithStringKey
{
    /// <summary>Does nothing.</summary>
    [Alias("Beat"), ResponseTimeout("00:00:04")]
    Task Beat();
}
