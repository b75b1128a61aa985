using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>Makes the bodies of evaluation keys, in parallel. Each key has a public seed for its masks and a secret generator for its noise, with a stream a row.</summary>
internal static class EvaluationKeyGenerator
{
    public static EvaluationKey Generate(ClientKey key, CancellationToken cancellation)
    {
        return new EvaluationKey(key.Parameters, [.. key.Parameters.Sets.Select(set => Generate(key, set, cancellation))]);
    }

    private static EvaluationKeyPart Generate(ClientKey key, ParameterSet set, CancellationToken cancellation)
    {
        SeededKeyswitchKey[] keyswitches = [.. key.Parameters.BigKeys.Select(from => Keyswitch(set, key.BigOf(from), key.SmallOf(set), cancellation))];
        byte[] seed = MaskGenerator.NewSeed();
        return new EvaluationKeyPart(set, keyswitches, seed, BootstrapBodies(set, key.BigOf(set.Glwe), key.SmallOf(set), seed, cancellation));
    }

    private static SeededKeyswitchKey Keyswitch(ParameterSet p, byte[] big, byte[] small, CancellationToken cancellation)
    {
        byte[] seed = MaskGenerator.NewSeed();
        using SecretGenerator noise = SecretGenerator.Create();
        int n = p.SmallDimension.Value, levels = p.Keyswitch.Levels;
        double std = Math.Pow(2, p.Log2SmallStd);
        var bodies = new uint[big.Length * levels];
        _ = Parallel.For(
            0,
            big.Length,
            new ParallelOptions { CancellationToken = cancellation },
            () => (Masks: new MaskGenerator(seed), Noise: noise.Fork(0), Mask: new uint[n]),
            (i, _, state) =>
            {
                state.Noise.MoveTo(i + 1L);
                for (int j = 1; j <= levels; j++)
                {
                    int row = (i * levels) + (j - 1);
                    state.Masks.Fill(MaskDomain.KeyswitchKey, 0, row, state.Mask.AsSpan());
                    uint body = (uint)(state.Noise.NextTorusNoise(std) + 0x80000000UL >> 32);
                    for (int t = 0; t < n; t++)
                    {
                        body += state.Mask[t] & (0u - small[t]);
                    }

                    bodies[row] = body + ((uint)big[i] << (32 - (p.Keyswitch.BaseLog * j)));
                }

                return state;
            },
            state =>
            {
                state.Masks.Dispose();
                state.Noise.Dispose();
            });
        return new SeededKeyswitchKey(seed, bodies);
    }

    private static ulong[][] BootstrapBodies(ParameterSet p, byte[] big, byte[] small, byte[] seed, CancellationToken cancellation)
    {
        using SecretGenerator noise = SecretGenerator.Create();
        int k = p.GlweDimension.Value, size = p.PolynomialSize.Value, levels = p.Bootstrap.Levels;
        double std = Math.Pow(2, p.Log2BigStd);
        using var secret = new SecretPolynomials(big, k, size);
        var bodies = new ulong[p.SmallDimension.Value][];
        _ = Parallel.For(
            0,
            bodies.Length,
            new ParallelOptions { CancellationToken = cancellation },
            () => (Masks: new MaskGenerator(seed), Noise: noise.Fork(0), Mask: new ulong[k * size], Product: secret.CreateMultiplier()),
            (i, _, state) =>
            {
                state.Noise.MoveTo(i + 1L);
                var ggsw = new ulong[(k + 1) * levels * size];
                for (int row = 0; row < (k + 1) * levels; row++)
                {
                    state.Masks.Fill(MaskDomain.BootstrapKey, i, row, state.Mask.AsSpan());
                    Span<ulong> body = ggsw.AsSpan(row * size, size);
                    state.Product.MaskTimesKey(state.Mask, body);
                    for (int t = 0; t < size; t++)
                    {
                        body[t] += state.Noise.NextTorusNoise(std);
                    }

                    AddMessage(body, small[i], big, row / levels, 64 - (p.Bootstrap.BaseLog * ((row % levels) + 1)), k, size);
                }

                bodies[i] = ggsw;
                return state;
            },
            state =>
            {
                state.Masks.Dispose();
                state.Noise.Dispose();
                state.Product.Dispose();
            });
        return bodies;
    }

    private static void AddMessage(Span<ulong> body, ulong bit, byte[] big, int u, int shift, int k, int size)
    {
        if (u == k)
        {
            body[0] += bit << shift;
            return;
        }

        ReadOnlySpan<byte> polynomial = big.AsSpan(u * size, size);
        for (int t = 0; t < size; t++)
        {
            body[t] -= (bit & polynomial[t]) << shift;
        }
    }
}
