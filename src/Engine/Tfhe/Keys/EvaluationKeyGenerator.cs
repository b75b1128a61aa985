using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>Makes the bodies of evaluation keys, in parallel. Masks come from the public seed, noise from a secret stream of its own a row.</summary>
internal static class EvaluationKeyGenerator
{
    public static EvaluationKey Generate(ClientKey key, CancellationToken cancellation)
    {
        ParameterSet p = key.Parameters;
        byte[] keyswitchSeed = MaskGenerator.NewSeed();
        byte[] bootstrapSeed = MaskGenerator.NewSeed();
        using SecretGenerator noise = SecretGenerator.Create();
        uint[] keyswitch = KeyswitchBodies(key, keyswitchSeed, noise, cancellation);
        ulong[][] bootstrap = BootstrapBodies(key, bootstrapSeed, noise, cancellation);
        return new EvaluationKey(p, keyswitchSeed, keyswitch, bootstrapSeed, bootstrap);
    }

    private static uint[] KeyswitchBodies(ClientKey key, byte[] seed, SecretGenerator noise, CancellationToken cancellation)
    {
        ParameterSet p = key.Parameters;
        int n = p.SmallDimension.Value, levels = p.Keyswitch.Levels;
        double std = Math.Pow(2, p.Log2SmallStd);
        var bodies = new uint[p.BigDimension.Value * levels];
        _ = Parallel.For(
            0,
            p.BigDimension.Value,
            new ParallelOptions { CancellationToken = cancellation },
            () => (Masks: new MaskGenerator(seed), Noise: noise.Fork(0), Mask: new uint[n]),
            (i, _, state) =>
            {
                // Streams: even numbers for the key-switching key, odd ones for the bootstrapping key.
                state.Noise.MoveTo(2L * (i + 1));
                for (int j = 1; j <= levels; j++)
                {
                    int row = (i * levels) + (j - 1);
                    state.Masks.Fill(MaskDomain.KeyswitchKey, 0, row, state.Mask.AsSpan());
                    uint body = (uint)(state.Noise.NextTorusNoise(std) + 0x80000000UL >> 32);
                    for (int t = 0; t < n; t++)
                    {
                        body += state.Mask[t] & (0u - key.Small[t]);
                    }

                    bodies[row] = body + ((uint)key.Big[i] << (32 - (p.Keyswitch.BaseLog * j)));
                }

                return state;
            },
            state =>
            {
                state.Masks.Dispose();
                state.Noise.Dispose();
            });
        return bodies;
    }

    private static ulong[][] BootstrapBodies(ClientKey key, byte[] seed, SecretGenerator noise, CancellationToken cancellation)
    {
        ParameterSet p = key.Parameters;
        int k = p.GlweDimension.Value, size = p.PolynomialSize.Value, levels = p.Bootstrap.Levels;
        double std = Math.Pow(2, p.Log2BigStd);
        using var secret = new SecretPolynomials(key.Big, k, size);
        var bodies = new ulong[p.SmallDimension.Value][];
        _ = Parallel.For(
            0,
            bodies.Length,
            new ParallelOptions { CancellationToken = cancellation },
            () => (Masks: new MaskGenerator(seed), Noise: noise.Fork(0), Mask: new ulong[k * size], Product: secret.CreateMultiplier()),
            (i, _, state) =>
            {
                state.Noise.MoveTo((2L * i) + 1);
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

                    AddMessage(body, key, i, row / levels, 64 - (p.Bootstrap.BaseLog * ((row % levels) + 1)), k, size);
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

    private static void AddMessage(Span<ulong> body, ClientKey key, int i, int u, int shift, int k, int size)
    {
        ulong bit = key.Small[i];
        if (u == k)
        {
            body[0] += bit << shift;
            return;
        }

        ReadOnlySpan<byte> polynomial = key.Big.AsSpan(u * size, size);
        for (int t = 0; t < size; t++)
        {
            body[t] -= (bit & polynomial[t]) << shift;
        }
    }
}
