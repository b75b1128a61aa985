namespace BlindGrain.Grains.Hosting;

/// <summary>How a silo works; section "Worker" of the configuration.</summary>
public sealed class WorkerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Worker";

    /// <summary>Threads that compute on ciphertexts, 1 to 1024; 0, the default, is one less than the cores, at least 1.</summary>
    public int Threads { get; set; }

    /// <summary>Slices that the worker holds for one tenant before it answers busy, 1 to 1024; 0, the default, is four a thread, at least 8.</summary>
    public int SlicesPerTenant { get; set; }

    /// <summary>Slices that the worker holds in all before it answers busy, 1 to 65536; each has up to 512 KiB.</summary>
    public int Slices { get; set; } = 256;

    /// <summary>Mebibytes of native memory for expanded keys; 0, the default, is half of the memory that the process may use.</summary>
    public int KeyCacheMebibytes { get; set; }

    /// <summary>How often cached keys are held against the storage, 1 second to 1 hour: a deleted key set is used no longer than this by a silo that was not told.</summary>
    public TimeSpan KeyCheckInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The per cent of the memory that the process may use (its control group's limit, or the machine's) beyond which it turns work away and frees idle
    /// keys, 50 to 100; 100 is never.
    /// </summary>
    public int MemoryPercent { get; set; } = 90;

    /// <summary>Compiled models kept in memory, at least 1.</summary>
    public int ModelCacheEntries { get; set; } = 32;

    /// <summary>Jobs that run at the same time on one silo, at least 1; others wait their tenant's turn.</summary>
    public int RunningJobs { get; set; } = 16;

    /// <summary>How often a slice is tried, on different silos where there are several, before its job fails; 1 to 100.</summary>
    public int SliceTries { get; set; } = 6;

    /// <summary>How often a reminder looks whether a job's silo was lost, 1 second to 1 hour; each waiting or running job costs a write and a deletion there.</summary>
    public TimeSpan ResumeInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What one slice should take of one thread, 10 milliseconds to 10 seconds; slices are cut by the measured cost of their rotations, within the bytes of a message.</summary>
    public TimeSpan SliceDuration { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A silo with work that answers nothing for this long is silent: its slices go elsewhere too; 1 second to 10 minutes.</summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The weights of tenants, by name, 0.01 to 1000: shares of the threads' time where several tenants want it. Who is not named has 1.</summary>
    public Dictionary<string, double> TenantWeights { get; } = new(StringComparer.Ordinal);

    /// <summary>The threads' time that a tenant which wants none saves up, for a weight of 1, to be ahead of busier ones later; nothing to 10 minutes.</summary>
    public TimeSpan TenantBurst { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo that stops lets its jobs finish the layer that they compute, before another silo resumes them behind the last one; nothing to 10 minutes.</summary>
    public TimeSpan HandoverTime { get; set; } = TimeSpan.FromSeconds(10);

    internal double WeightOf(string tenant) => TenantWeights.GetValueOrDefault(tenant, 1);

    internal int EffectiveThreads => Threads > 0 ? Threads : Math.Max(1, Environment.ProcessorCount - 1);

    internal int EffectiveSlicesPerTenant => SlicesPerTenant > 0 ? SlicesPerTenant : Math.Max(8, 4 * EffectiveThreads);

    internal long EffectiveKeyCacheBytes => KeyCacheMebibytes > 0 ? (long)KeyCacheMebibytes << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
