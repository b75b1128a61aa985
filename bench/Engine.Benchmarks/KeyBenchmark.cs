using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>Making and expanding evaluation keys with all cores.</summary>
public class KeyBenchmark
{
    private ClientKey? _client;
    private EvaluationKey? _evaluation;

    [Params(512, 1024, 2048)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _client = ClientKey.Generate(ParameterCatalog.All.First(s => s.PolynomialSize.Value == N));
        _evaluation = _client.CreateEvaluationKey();
    }

    [Benchmark]
    public EvaluationKey Generate() => _client!.CreateEvaluationKey();

    [Benchmark]
    public void Expand() => ServerKey.Expand(_evaluation!, Environment.ProcessorCount).Dispose();
}
