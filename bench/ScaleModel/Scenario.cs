namespace BlindGrain.ScaleModel;

/// <summary>A cluster and what is asked of it. Times in milliseconds, sizes in bytes, rates a second.</summary>
public sealed record Scenario
{
    /// <summary>The silos.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>The worker threads of each, each with a core of its own.</summary>
    public int Threads { get; init; } = 7;

    /// <summary>Rotations of each look-up step of the model, in their order.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [64, 64, 64];

    /// <summary>What a rotation takes of a thread, its key switch included.</summary>
    public double RotationMilliseconds { get; init; } = 9;

    /// <summary>The rotations that share a pass over the key, <c>LookupPass.Capacity</c>.</summary>
    public int PassCapacity { get; init; } = 8;

    /// <summary>A ciphertext: 4 × (kN + 1).</summary>
    public int CiphertextBytes { get; init; } = 8196;

    /// <summary>What a linear step between two look-ups takes of one thread of the job's own silo.</summary>
    public double LinearMilliseconds { get; init; } = 2;

    /// <summary>Tenants, each with a key set of its own.</summary>
    public int KeySets { get; init; } = 1;

    /// <summary>A key set's file, read from the storage before it is expanded.</summary>
    public double KeyFileBytes { get; init; } = 30e6;

    /// <summary>The same in a worker's memory.</summary>
    public double KeyBytes { get; init; } = 90e6;

    /// <summary>Checking and expanding it.</summary>
    public double KeyExpansionMilliseconds { get; init; } = 400;

    /// <summary>A silo's key cache.</summary>
    public double CacheBytes { get; init; } = 8192.0 * (1 << 20);

    /// <summary>Jobs that arrive a second, in all and at random; 0 has <see cref="JobsInFlight"/> instead.</summary>
    public double ArrivalsPerSecond { get; init; }

    /// <summary>Jobs in flight all the time, of the tenants in turn: each that ends is followed by the next.</summary>
    public int JobsInFlight { get; init; } = 64;

    /// <summary>One way between two silos.</summary>
    public double LatencyMilliseconds { get; init; } = 0.25;

    /// <summary>A silo's network card, each direction.</summary>
    public double NetworkBytesPerSecond { get; init; } = 10e9 / 8;

    /// <summary>A request to the storage, besides the transfer.</summary>
    public double StorageLatencyMilliseconds { get; init; } = 10;

    /// <summary>What the storage takes or gives in all.</summary>
    public double StorageBytesPerSecond { get; init; } = 25e9 / 8;

    /// <summary>Requests that the storage answers in all.</summary>
    public double StorageRequestsPerSecond { get; init; } = 20000;

    /// <summary>A message's reading, writing and scheduling, on one core of a silo that carries all its messages.</summary>
    public double MessageMilliseconds { get; init; } = 0.15;

    /// <summary>What a dispatcher's look at the cluster takes of that core, a silo.</summary>
    public double LookMicrosecondsPerSilo { get; init; } = 1;

    /// <summary>Jobs that run at the same time on one silo, <c>Worker:RunningJobs</c>.</summary>
    public int RunningJobs { get; init; } = 16;

    /// <summary>Slices that a worker holds in all, <c>Worker:Slices</c>.</summary>
    public int Slices { get; init; } = 256;

    /// <summary>What a slice should take of a thread, <c>Worker:SliceDuration</c>.</summary>
    public TimeSpan SliceDuration { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The time that is not measured, for keys to load and queues to fill.</summary>
    public double WarmUpMilliseconds { get; init; } = 60_000;

    /// <summary>The time that is measured.</summary>
    public double MeasuredMilliseconds { get; init; } = 20_000;

    /// <summary>What chance begins with.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Rotations of a job.</summary>
    public int RotationsPerJob => Layers.Sum();

    /// <summary>What the threads could do, in rotations a second, if they never waited and did nothing else.</summary>
    public double Capacity => Silos * Threads * 1000.0 / RotationMilliseconds;
}
