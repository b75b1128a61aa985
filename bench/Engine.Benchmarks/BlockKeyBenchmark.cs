using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>Whole bootstraps under uniform (blocks of 1) and block-binary keys, on one thread, by polynomial size and batch.</summary>
public class BlockKeyBenchmark
{
    private ServerKey? _server;
    private Bootstrapper? _bootstrapper;
    private LweBatch? _input;
    private LweBatch? _output;
    private ulong[][] _tables = [];

    [Params(1, 2, 3, 4)]
    public int BlockLength { get; set; }

    [Params(512, 1024, 2048)]
    public int Size { get; set; }

    [Params(1, 8)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        KeyDistribution keys = BlockLength == 1 ? KeyDistribution.Uniform : KeyDistribution.BlockBinary(BlockLength);
        ParameterSet p = ParameterCatalog.For(keys).First(s => s.PolynomialSize.Value == Size && s.Log2Extension == 0);
        _server = ServerKey.Meaningless(p);
        _bootstrapper = new Bootstrapper(_server);
        _input = new LweBatch(p.BigDimension, Batch);
        new Random(1).NextBytes(_input.Data);
        _output = new LweBatch(p.BigDimension, Batch);
        _tables = [.. Enumerable.Repeat(Enumerable.Range(0, Size).Select(j => (ulong)j << 45).ToArray(), Batch)];
    }

    [Benchmark]
    public void Bootstrap() => _bootstrapper!.Bootstrap(_input!, [], _tables, _output!);

    [GlobalCleanup]
    public void Cleanup()
    {
        _bootstrapper?.Dispose();
        _server?.Dispose();
    }
}
