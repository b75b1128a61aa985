using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public class StreamedKeyswitchTests
{
    // The last tile of the key's columns holds 31 mask elements and the body; the body alone; one element and the body.
    [Theory]
    [InlineData(863, 3, 512, 3, 5)]
    [InlineData(864, 3, 512, 3, 5)]
    [InlineData(865, 1, 2048, 3, 5)]
    [InlineData(880, 3, 512, 1, 1)]
    public void A_bootstrap_alone_gives_the_words_that_it_gives_in_a_batch(int small, int k, int size, int baseLog, int levels)
    {
        // What meaningless keys compute means nothing, but any difference shows.
        var p = new ParameterSet(new(small), new(k), new(size), new(17, 1), new(baseLog, levels));
        using ServerKey server = ServerKey.Meaningless(p);
        const int Count = 7;
        var random = new System.Random(small);
        var input = new LweBatch(p.BigDimension, Count);
        foreach (ref uint word in input.Words)
        {
            word = (uint)random.NextInt64(1L << 32);
        }

        ulong[][] tables = [.. Enumerable.Range(0, Count).Select(_ => Enumerable.Range(0, p.TableSize).Select(_ => (ulong)random.NextInt64()).ToArray())];
        uint[] offsets = [17, 1u << 31, uint.MaxValue, 0, 1, 2, 3];
        foreach (SimdPath path in SimdPaths.Supported)
        {
            using var bootstrapper = new Bootstrapper(server.Only, path);
            var together = new LweBatch(p.BigDimension, Count);
            bootstrapper.Bootstrap(input, offsets, tables, together);
            for (int c = 0; c < Count; c++)
            {
                var alone = new LweBatch(p.BigDimension, 1);
                bootstrapper.Bootstrap(input.Slice(c, 1), offsets.AsSpan(c, 1), tables.AsSpan(c, 1), alone);
                Assert.Equal(together[c].ToArray(), alone[0].ToArray());
            }
        }
    }
}
