using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>Key switch, modulus switch, blind rotation and extraction on one thread, by table size and batch.</summary>
public class BootstrapBenchmark
{
    private ServerKey? _server;
    private Bootstrapper? _bootstrapper;
    private LweBatch? _input;
    private LweBatch? _output;
    private ulong[][] _tables = [];

    /// <summary>Tables above 2048 entries are extended: 2^ν accumulators of degree 2048.</summary>
    [Params(512, 1024, 2048, 4096, 8192, 16384)]
    public int Table { get; set; }

    [Params(1, 8)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ParameterSet p = ParameterCatalog.All.First(s => s.TableSize == Table);
        ClientKey client = ClientKey.Generate(p);
        _server = ServerKey.Expand(client.CreateEvaluationKey(), Environment.ProcessorCount);
        _bootstrapper = new Bootstrapper(_server);
        _input = SeededLweList.Encrypt(client, new ulong[Batch]).Expand(p);
        _output = new LweBatch(p.BigDimension, Batch);
        _tables = [.. Enumerable.Repeat(new ulong[Table], Batch)];
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
