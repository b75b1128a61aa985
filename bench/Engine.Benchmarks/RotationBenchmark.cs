using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>The halves of a bootstrap on one thread, for the shapes of published parameter sets: a key switch alone is bound by memory, in a batch by arithmetic.</summary>
public class RotationBenchmark
{
    private ServerKey? _server;
    private Bootstrapper? _bootstrapper;
    private LweBatch? _input;
    private LweBatch? _output;
    private ulong[][] _tables = [];

    [Params("tfhe-rs-1_1-2^-40", "tfhe-rs-2_2", "tfhe-rs-3_3")]
    public string Set { get; set; } = string.Empty;

    /// <summary>Ciphertexts; at N = 8192 a batch is 4.</summary>
    [Params(1, 8)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ParameterSet p = BenchmarkSet.Published.First(s => s.Name == Set).Parameters;
        _server = ServerKey.Meaningless(p);
        _bootstrapper = new Bootstrapper(_server);
        int batch = Math.Min(Batch, _bootstrapper.MaxBatch);
        _input = new LweBatch(p.BigDimension, batch);
        new Random(1).NextBytes(_input.Data);
        _output = new LweBatch(p.BigDimension, batch);
        _tables = [.. Enumerable.Repeat(new ulong[p.TableSize], batch)];
        Keyswitch();
    }

    [Benchmark]
    public void Keyswitch() => _bootstrapper!.KeyswitchOnly(_input!, [], RotationPlan.Full(_server!.Parameters.Only));

    [Benchmark]
    public void BlindRotation() => _bootstrapper!.RotateOnly(_tables, _output!, RotationPlan.Full(_server!.Parameters.Only));

    [Benchmark]
    public void Both() => _bootstrapper!.Bootstrap(_input!, [], _tables, _output!);

    [GlobalCleanup]
    public void Cleanup()
    {
        _bootstrapper?.Dispose();
        _server?.Dispose();
    }
}
