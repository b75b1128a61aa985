namespace BlindGrain.Cli.Demo;

/// <summary>What a demo run found; also the form of its JSON.</summary>
internal sealed record DemoReport
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>"exact" or "approximate".</summary>
    public required string Mode { get; init; }

    /// <summary>The mode in words.</summary>
    public required string ModeText { get; init; }

    /// <summary>The number of points classified.</summary>
    public required int Points { get; init; }

    /// <summary>The part of the points whose class is the same encrypted and on clear integers.</summary>
    public required double Agreement { get; init; }

    /// <summary>The part of the points whose output integers are all the same encrypted and clear.</summary>
    public required double IntegerAgreement { get; init; }

    /// <summary>The part of the points classified as labelled.</summary>
    public required DemoAccuracy Accuracy { get; init; }

    /// <summary>Milliseconds a point, points in flight together: the run's time over their number.</summary>
    public required double MsPerPoint { get; init; }

    /// <summary>The median time from encrypting a point to its decrypted class, with others in flight.</summary>
    public required double MedianLatencyMs { get; init; }

    /// <summary>The first point's time: the silo loads and expands the keys in it. Not part of the other times.</summary>
    public required double FirstPointMs { get; init; }

    /// <summary>Bootstraps of one inference.</summary>
    public required int Bootstraps { get; init; }

    /// <summary>Bootstraps a second over the whole run.</summary>
    public required double BootstrapsPerSecond { get; init; }

    /// <summary>The largest number of points in flight together.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Threads that bootstrapped.</summary>
    public required int WorkerThreads { get; init; }

    /// <summary>Bytes over REST.</summary>
    public required DemoTraffic Bytes { get; init; }

    /// <summary>Sizes of the keys in bytes.</summary>
    public required DemoKeySizes KeyBytes { get; init; }

    /// <summary>Seconds to make the evaluation keys and upload them.</summary>
    public required double KeySeconds { get; init; }

    /// <summary>The parameter set.</summary>
    public required string ParameterSet { get; init; }

    /// <summary>Slices of bootstraps by silo, over all points.</summary>
    public required IReadOnlyDictionary<string, int> SlicesBySilo { get; init; }

    /// <summary>The picture's path; null where the model has no two inputs to draw.</summary>
    public string? Picture { get; init; }
}

/// <summary>Accuracies, 0 to 1; null where they are not known.</summary>
/// <param name="Float">Of the network in floats (ONNX Runtime).</param>
/// <param name="Clear">Of the circuit on clear integers.</param>
/// <param name="Encrypted">Of the circuit on ciphertexts.</param>
internal sealed record DemoAccuracy(double? Float, double? Clear, double? Encrypted);

/// <summary>Bytes of request and response bodies.</summary>
/// <param name="UpPerPoint">Sent for one point.</param>
/// <param name="DownPerPoint">Received for one point.</param>
/// <param name="Up">Sent in all, evaluation keys included.</param>
/// <param name="Down">Received in all.</param>
internal sealed record DemoTraffic(long UpPerPoint, long DownPerPoint, long Up, long Down);

/// <summary>Sizes of the keys.</summary>
/// <param name="Upload">The evaluation keys as a client sends them.</param>
/// <param name="Expanded">The evaluation keys in a worker's memory.</param>
internal sealed record DemoKeySizes(long Upload, long Expanded);
