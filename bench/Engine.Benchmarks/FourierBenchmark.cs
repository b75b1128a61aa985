using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>One negacyclic transform of N coefficients, by size and instruction set.</summary>
public unsafe class FourierBenchmark
{
    private NativeBuffer? _data;
    private FourierPlan? _plan;
    private SimdPath _path;

    [Params(512, 1024, 2048, 4096, 8192, 16384)]
    public int N { get; set; }

    [Params("Avx512", "Avx2", "Portable")]
    public string Path { get; set; } = "Portable";

    [GlobalSetup]
    public void Setup()
    {
        _path = Enum.Parse<SimdPath>(Path);
        if (!SimdPaths.Supported.Contains(_path))
        {
            throw new NotSupportedException($"This machine has no {Path}.");
        }

        _plan = FourierPlan.For(N);
        _data = new NativeBuffer((long)N * sizeof(double));
    }

    [Benchmark]
    public void Forward() => FourierTransform.Forward(_data!.Doubles, _plan!, _path);

    [Benchmark]
    public void Inverse() => FourierTransform.Inverse(_data!.Doubles, _plan!, _path);

    [GlobalCleanup]
    public void Cleanup() => _data?.Dispose();
}
