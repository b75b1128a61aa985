using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>Extraction of one coefficient; k = 1.</summary>
public unsafe class ExtractionBenchmark
{
    private NativeBuffer? _accumulator;
    private uint[] _target = [];

    [Params(1024, 2048, 8192)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _accumulator = new NativeBuffer(2L * (N + CmuxShape.Padding) * sizeof(ulong));
        _target = new uint[N + 1];
    }

    [Benchmark]
    public void Extract() => SampleExtraction.Coefficient(_accumulator!.Words64, N + CmuxShape.Padding, N, N / 3, _target);

    [GlobalCleanup]
    public void Cleanup() => _accumulator?.Dispose();
}
