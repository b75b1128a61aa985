namespace BlindGrain.Grains.Expiry;

/// <summary>Deletes what has had its time, in the whole cluster; key 0. Not for clients of the cluster.</summary>
[Alias("BlindGrain.ISweeperGrain")]
internal interface ISweeperGrain : IGrainWithIntegerKey
{
    /// <summary>Sees to it that there is a reminder to sweep; each silo asks for it when it starts.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Sweeps now.</summary>
    [Alias("Sweep"), ResponseTimeout("01:00:00")]
    Task Sweep();
}
