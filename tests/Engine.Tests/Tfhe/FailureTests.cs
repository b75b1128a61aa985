using BlindGrain.Engine.Benchmarking;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe;

/// <summary>Exact look-ups of 4 bits at 2^-40, behind a linear map of the largest squared 2-norm that their parameters are for, one after the other on what the last ones gave.</summary>
public class FailureTests(ITestOutputHelper output)
{
    private const int Bits = 4, Values = 1 << Bits, Chains = 32;

    /// <summary>100 000 in the long form (docs/engine.md).</summary>
    private static readonly int s_bootstraps = Environment.GetEnvironmentVariable("BLINDGRAIN_LONG_TESTS") is { Length: > 0 } ? 100_000 : 640;

    [Fact]
    public void Exact_bootstraps_of_4_bits_never_fail()
    {
        BenchmarkSet set = BenchmarkSet.Own.Single(s => s.Name == "exact-4-2^-40");
        ParameterSet p = set.Parameters;
        (ClientKey client, _, ServerKey server) = TestKeys.For(p);

        // A table's values are a quarter of the next one's inputs: times 4 they are whole again, with 16 times the variance.
        const ulong Delta = 1UL << (63 - Bits), Quarter = Delta / 4;
        Assert.Equal(16, BenchmarkSet.SquaredNorm);
        int size = p.PolynomialSize.Value << set.Plan.Log2Extension;
        ulong[] table = [.. Enumerable.Range(0, size).Select(j => (ulong)Next(j * Values / size) * Quarter)];
        int[] failures = new int[Environment.ProcessorCount];
        int rounds = (s_bootstraps + (Chains * failures.Length) - 1) / (Chains * failures.Length);
        Parallel.For(0, failures.Length, new ParallelOptions { MaxDegreeOfParallelism = failures.Length }, thread =>
        {
            using var bootstrapper = new Bootstrapper(server);
            int[] expected = [.. Enumerable.Range(0, Chains).Select(c => c % Values)];
            LweBatch current = SeededLweList.Encrypt(client, [.. expected.Select(m => (ulong)m * Quarter)]).Expand(p);
            uint[] offsets = [.. Enumerable.Repeat((uint)(Delta >> 33), Chains)];
            ulong[][] tables = [.. Enumerable.Repeat(table, Chains)];
            for (int round = 0; round < rounds; round++)
            {
                Span<uint> words = current.Words;
                for (int i = 0; i < words.Length; i++)
                {
                    words[i] *= 4;
                }

                bootstrapper.Bootstrap(current, offsets, tables, current, set.Plan);
                for (int c = 0; c < Chains; c++)
                {
                    expected[c] = Next(expected[c]);
                    int error = (int)(LwePhase.Of(current[c], client.Big) - (uint)((ulong)expected[c] * Quarter >> 32));
                    failures[thread] += Math.Abs(error) > (int)(Quarter >> 33) ? 1 : 0;
                }
            }
        });
        output.WriteLine($"{rounds * Chains * failures.Length} bootstraps of {p} by {set.Plan}, {failures.Sum()} failures");
        Assert.Equal(0, failures.Sum());
    }

    /// <summary>A permutation of the values with one cycle, so that every value is looked up in turn.</summary>
    private static int Next(int value) => ((5 * value) + 3) % Values;
}
