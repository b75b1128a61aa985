namespace BlindGrain.Engine.Benchmarking;

/// <summary>One parameter set's figures.</summary>
public sealed record BenchmarkRow
{
    /// <summary>The set's name.</summary>
    public required string Name { get; init; }

    /// <summary>The LWE dimension of the blind rotation.</summary>
    public required int SmallDimension { get; init; }

    /// <summary>k.</summary>
    public required int GlweDimension { get; init; }

    /// <summary>N.</summary>
    public required int PolynomialSize { get; init; }

    /// <summary>The accumulators that hold a table.</summary>
    public required int Extension { get; init; }

    /// <summary>The mean CMUX steps of a mask element: 1 in a classic rotation.</summary>
    public required double StepsPerElement { get; init; }

    /// <summary>A key switch with its modulus switch, one ciphertext on one thread, milliseconds (minimum).</summary>
    public required double KeyswitchMilliseconds { get; init; }

    /// <summary>A blind rotation with extraction, likewise.</summary>
    public required double RotationMilliseconds { get; init; }

    /// <summary>A whole bootstrap, likewise: the latency.</summary>
    public required double BootstrapMilliseconds { get; init; }

    /// <summary>A blind rotation as one of a full batch on one thread, milliseconds (minimum).</summary>
    public required double BatchedRotationMilliseconds { get; init; }

    /// <summary>How long each of the throughput run's batches of 8 took, all threads working, milliseconds (mean).</summary>
    public required double BatchLatencyMilliseconds { get; init; }

    /// <summary>Whole bootstraps a second over all threads, in batches.</summary>
    public required double ThroughputPerSecond { get; init; }

    /// <summary>Decryptions checked.</summary>
    public required long Checked { get; init; }

    /// <summary>Decryptions that were wrong.</summary>
    public required long Failures { get; init; }

    /// <summary>Bytes of the seeded keys.</summary>
    public required long SeededKeyBytes { get; init; }

    /// <summary>Bytes of the expanded keys.</summary>
    public required long ExpandedKeyBytes { get; init; }

    /// <summary>Floating-point operations a second of the throughput run, in 10^9.</summary>
    public required double GigaflopsPerSecond { get; init; }

    /// <summary>Floating-point operations a second of transforms and products alone: a full batch's rotation on one thread, in 10^9.</summary>
    public required double HotLoopGigaflopsPerSecond { get; init; }

    /// <summary>Key bytes that the throughput run passed over a second, in 10^9: from memory, but for what the caches held.</summary>
    public required double KeyGigabytesPerSecond { get; init; }

    /// <summary>Seconds to make the evaluation keys.</summary>
    public required double KeyGenerationSeconds { get; init; }

    /// <summary>Seconds to expand them.</summary>
    public required double KeyExpansionSeconds { get; init; }
}

/// <summary>One transform's figures.</summary>
/// <param name="PolynomialSize">N.</param>
/// <param name="ForwardMicroseconds">Forward, one thread (minimum).</param>
/// <param name="InverseMicroseconds">Inverse, one thread (minimum).</param>
public sealed record FourierRow(int PolynomialSize, double ForwardMicroseconds, double InverseMicroseconds);

/// <summary>What the machine can do.</summary>
/// <param name="SimdPath">The instruction set in use.</param>
/// <param name="Threads">The threads of the throughput runs.</param>
/// <param name="GigaflopsOneThread">Measured f64 multiply-adds of one thread, in 10^9 operations a second (an FMA counts two).</param>
/// <param name="GigaflopsAllThreads">Likewise over all threads.</param>
/// <param name="ReadGigabytesPerSecond">Measured memory reads over all threads, in 10^9 bytes a second.</param>
public sealed record MachinePeak(string SimdPath, int Threads, double GigaflopsOneThread, double GigaflopsAllThreads, double ReadGigabytesPerSecond);
