namespace BlindGrain.ScaleModel.Tests;

/// <summary>What must be true of every simulated cluster, and what a closed formula says of simple ones.</summary>
public class ScaleSimulationTests
{
    /// <summary>Nothing costs time but rotations and linear steps.</summary>
    private static readonly Scenario s_free = new()
    {
        LatencyMilliseconds = 0,
        NetworkBytesPerSecond = 1e18,
        StorageLatencyMilliseconds = 0,
        StorageBytesPerSecond = 1e18,
        StorageRequestsPerSecond = 1e18,
        MessageMilliseconds = 0,
        LookMicrosecondsPerSilo = 0,
        WarmUpMilliseconds = 2000,
        MeasuredMilliseconds = 10_000,
    };

    public static TheoryData<Scenario> Scenarios =>
    [
        s_free with { Silos = 1, Threads = 1, JobsInFlight = 1 },
        s_free with { Silos = 3, Threads = 2, KeySets = 5, JobsInFlight = 12 },
        new Scenario { Silos = 2, JobsInFlight = 1, WarmUpMilliseconds = 2000, MeasuredMilliseconds = 5000 },
        new Scenario { Silos = 4, KeySets = 16, JobsInFlight = 32, WarmUpMilliseconds = 5000, MeasuredMilliseconds = 5000 },
        new Scenario { Silos = 4, KeySets = 32, JobsInFlight = 32, CacheBytes = 2 * 90e6, WarmUpMilliseconds = 5000, MeasuredMilliseconds = 5000 },
        new Scenario { Silos = 8, KeySets = 8, ArrivalsPerSecond = 15, WarmUpMilliseconds = 5000, MeasuredMilliseconds = 5000 },
    ];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void No_cluster_does_more_than_its_threads_can(Scenario scenario)
    {
        ScaleResult result = ScaleSimulation.Run(scenario);
        Assert.InRange(result.RotationsPerSecond, 1, scenario.Capacity * 1.05);
        Assert.InRange(result.Threads, 0, 1.01);
        Assert.True(result.MedianLatency <= result.Latency95);

        // Threads did the rotations that are counted and the linear steps of the jobs; slices at the ends of the measured time are counted in part.
        double rotations = result.RotationsPerSecond * scenario.RotationMilliseconds / 1000;
        double linear = result.JobsPerSecond * scenario.Layers.Count * scenario.LinearMilliseconds / 1000;
        Assert.Equal((rotations + linear) / (scenario.Silos * scenario.Threads), result.Threads, tolerance: 0.05);
    }

    [Fact]
    public void One_thread_takes_for_a_job_what_its_steps_take_one_after_the_other()
    {
        Scenario scenario = s_free with { Silos = 1, Threads = 1, JobsInFlight = 1, Layers = [40, 7, 25], LinearMilliseconds = 3 };
        double latency = (72 * scenario.RotationMilliseconds) + (3 * scenario.LinearMilliseconds);
        ScaleResult result = ScaleSimulation.Run(scenario);
        Assert.Equal(latency, result.MedianLatency, tolerance: 1e-6);
        Assert.Equal(1, result.Threads, tolerance: 0.01);
        Assert.Equal(72 * 1000 / latency, result.RotationsPerSecond, tolerance: 0.05 * 72 * 1000 / latency);
    }

    [Fact]
    public void One_silo_of_jobs_enough_does_what_its_threads_can()
    {
        // As many tenants as jobs, so that what a worker holds for one does not run dry while its jobs have been turned away.
        Scenario scenario = s_free with { Silos = 1, Threads = 4, KeySets = 16, JobsInFlight = 16, LinearMilliseconds = 0 };
        Assert.Equal(scenario.Capacity, ScaleSimulation.Run(scenario).RotationsPerSecond, tolerance: scenario.Capacity * 0.02);
    }

    [Fact]
    public void Messages_and_storage_add_their_times_to_a_job()
    {
        Scenario scenario = s_free with { Silos = 1, Threads = 1, JobsInFlight = 1, Layers = [20], LinearMilliseconds = 0, StorageLatencyMilliseconds = 50 };

        // The input, the layer's values and the job's state.
        Assert.Equal((20 * scenario.RotationMilliseconds) + (3 * 50), ScaleSimulation.Run(scenario).MedianLatency, tolerance: 1e-6);
        Scenario talking = scenario with { MessageMilliseconds = 1 };

        // Of a slice's two messages all but the first and the last are handled while the thread computes.
        Assert.Equal((20 * scenario.RotationMilliseconds) + (3 * 50) + 2, ScaleSimulation.Run(talking).MedianLatency, tolerance: 1.01);
    }

    [Fact]
    public void A_storage_that_is_full_bounds_what_threads_would_do()
    {
        Scenario scenario = s_free with { Silos = 4, KeySets = 64, JobsInFlight = 64, KeyFileBytes = 0, StorageBytesPerSecond = 4e6, WarmUpMilliseconds = 20_000, MeasuredMilliseconds = 40_000 };
        ScaleResult result = ScaleSimulation.Run(scenario);
        Assert.Equal("storage", result.BoundBy);
        Assert.InRange(result.RotationsPerSecond, 0.7 * 4e6 / scenario.CiphertextBytes, 1.1 * 4e6 / scenario.CiphertextBytes);
    }

    [Fact]
    public void Keys_that_fit_are_loaded_once_and_keys_that_do_not_again_and_again()
    {
        Scenario scenario = s_free with { Silos = 2, KeySets = 8, JobsInFlight = 4, Layers = [16], WarmUpMilliseconds = 10_000 };
        // Jobs of one tenant follow each other, so others must begin for a key to be displaced.
        Assert.Equal(0, ScaleSimulation.Run(scenario).KeyLoads);
        Assert.True(ScaleSimulation.Run(scenario with { CacheBytes = 2 * scenario.KeyBytes }).KeyLoads > 0);
    }

    [Fact]
    public void Two_silos_do_almost_twice_what_one_does()
    {
        Scenario one = new() { Silos = 1, Threads = 1, JobsInFlight = 6, Layers = [64, 64], WarmUpMilliseconds = 5000 };
        double ratio = ScaleSimulation.Run(one with { Silos = 2 }).RotationsPerSecond / ScaleSimulation.Run(one).RotationsPerSecond;
        Assert.InRange(ratio, 1.7, 2.05);
    }

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        Scenario scenario = s_free with { Silos = 3, KeySets = 3, JobsInFlight = 3 };
        Assert.Equal(ScaleSimulation.Run(scenario), ScaleSimulation.Run(scenario));
        Assert.NotEqual(ScaleSimulation.Run(scenario).RotationsPerSecond, ScaleSimulation.Run(scenario with { RotationMilliseconds = 8 }).RotationsPerSecond);
    }
}
