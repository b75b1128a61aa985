namespace BlindGrain.ScaleModel;

/// <summary>The blob storage that all silos share: a latency, and bounds on bytes and requests a second.</summary>
internal sealed class SimulatedStorage(Scenario scenario, SimulatedTime time)
{
    private readonly SerialResource _bytes = new();
    private readonly SerialResource _requests = new();

    /// <summary>The milliseconds for which the scarcer of the two was in use.</summary>
    public double Busy => Math.Max(_bytes.Busy, _requests.Busy);

    /// <summary>Reads or writes a blob over a direction of a silo's network card.</summary>
    public void Transfer(double bytes, SerialResource card, Action done)
    {
        double sent = card.Serve(time.Now, bytes / scenario.NetworkBytesPerSecond * 1000);
        double taken = Math.Max(_bytes.Serve(time.Now, bytes / scenario.StorageBytesPerSecond * 1000), _requests.Serve(time.Now, 1000 / scenario.StorageRequestsPerSecond));
        time.At(Math.Max(sent, taken) + scenario.StorageLatencyMilliseconds, done);
    }
}
