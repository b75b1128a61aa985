using System.Collections.Concurrent;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests;

/// <summary>Keys shared by the tests of a process: making them costs more than most tests.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<(ClientKey Client, EvaluationKey Evaluation, ServerKey Server)>> s_keys = new();

    /// <summary>A small, quick and secure set: about four bits.</summary>
    public static ParameterSet Small { get; } = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 1024);

    /// <summary>The same key, expanded for an instruction set, which need not be this machine's best; the caller disposes it.</summary>
    public static ServerKey Expand(ParameterSet parameters, SimdPath path)
    {
        ParameterSuite suite = parameters;
        return ServerKey.Expand(For(suite).Evaluation, KeyNeeds.All(suite), Environment.ProcessorCount, path);
    }

    public static (ClientKey Client, EvaluationKey Evaluation, ServerKey Server) For(ParameterSuite parameters) =>
        s_keys.GetOrAdd(parameters.Id, _ => new(() =>
        {
            ClientKey client = ClientKey.Generate(parameters);
            EvaluationKey evaluation = client.CreateEvaluationKey();
            return (client, evaluation, ServerKey.Expand(evaluation, Environment.ProcessorCount));
        })).Value;
}
