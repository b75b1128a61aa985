using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>Evaluation keys expanded for computing, in native memory: the bootstrapping key in the Fourier domain, the
/// key-switching key as 32-bit words. Thread-safe for reading; dispose it when no bootstrap uses it.</summary>
public sealed unsafe class ServerKey : IDisposable
{
    private readonly NativeBuffer _keyswitch;

    private ServerKey(ParameterSet parameters, FourierBootstrapKey bootstrap, NativeBuffer keyswitch, int keyswitchStride)
    {
        Parameters = parameters;
        Bootstrap = bootstrap;
        _keyswitch = keyswitch;
        KeyswitchStride = keyswitchStride;
    }

    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The native memory held, in bytes.</summary>
    public long ByteSize => Bootstrap.Bytes + _keyswitch.Bytes;

    internal FourierBootstrapKey Bootstrap { get; }

    /// <summary>kN·l rows of n mask words, the body and zeros, in the tiles of <see cref="KeyswitchKernel"/>.</summary>
    internal uint* Keyswitch => _keyswitch.Words32;

    /// <summary>The words of a switched ciphertext.</summary>
    internal int KeyswitchStride { get; }

    /// <summary>Expands a key on up to <paramref name="threads"/> threads.</summary>
    public static ServerKey Expand(EvaluationKey key, int threads)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Expand(key, threads, SimdPaths.Best);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Bootstrap.Dispose();
        _keyswitch.Dispose();
    }

    /// <summary>
    /// Keys of the right shape filled with arbitrary numbers, for measuring time alone: it takes no key generation, and what they compute
    /// means nothing.
    /// </summary>
    internal static ServerKey Meaningless(ParameterSet p)
    {
        int stride = KeyswitchKernel.Stride(p.SmallDimension.Value);
        var bootstrap = new FourierBootstrapKey(p);
        var keyswitch = new NativeBuffer((long)p.BigDimension.Value * p.Keyswitch.Levels * stride * sizeof(uint));

        // The size of a real key's coefficients, 2^-65·sqrt(2/N) or so, keeps every product an ordinary number.
        ulong state = 0x9E3779B97F4A7C15;
        double scale = Math.Pow(2, -64) * Math.Pow(2, -63) * Math.Sqrt(2.0 / p.PolynomialSize.Value);
        double* doubles = bootstrap[0];
        for (long i = 0; i < bootstrap.Bytes / sizeof(double); i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            doubles[i] = (long)state * scale;
        }

        for (long i = 0; i < keyswitch.Bytes / sizeof(uint); i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            keyswitch.Words32[i] = (uint)(state >> 32);
        }

        return new ServerKey(p, bootstrap, keyswitch, stride);
    }

    internal static ServerKey Expand(EvaluationKey key, int threads, SimdPath path)
    {
        ParameterSet p = key.Parameters;
        int stride = KeyswitchKernel.Stride(p.SmallDimension.Value);
        var bootstrap = new FourierBootstrapKey(p);
        var keyswitch = new NativeBuffer((long)p.BigDimension.Value * p.Keyswitch.Levels * stride * sizeof(uint));
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        ExpandKeyswitch(key, keyswitch.Words32, options);
        ExpandBootstrap(key, bootstrap, options, path);
        return new ServerKey(p, bootstrap, keyswitch, stride);
    }

    private static void ExpandKeyswitch(EvaluationKey key, uint* target, ParallelOptions options)
    {
        int n = key.Parameters.SmallDimension.Value, rows = key.KeyswitchBodies.Length;
        _ = Parallel.For(
            0,
            rows,
            options,
            () => (Masks: new MaskGenerator(key.KeyswitchSeed), Row: new uint[n + 1]),
            (index, _, state) =>
            {
                state.Masks.Fill(MaskDomain.KeyswitchKey, 0, index, state.Row.AsSpan(0, n));
                state.Row[n] = key.KeyswitchBodies[index];
                KeyswitchKernel.PutRow(state.Row, index, rows, target);
                return state;
            },
            state => state.Masks.Dispose());
    }

    private static void ExpandBootstrap(EvaluationKey key, FourierBootstrapKey target, ParallelOptions options, SimdPath path)
    {
        ParameterSet p = key.Parameters;
        int k = p.GlweDimension.Value, size = p.PolynomialSize.Value, rows = target.Shape.Rows;
        _ = Parallel.For(
            0,
            p.SmallDimension.Value,
            options,
            () => (Masks: new MaskGenerator(key.BootstrapSeed), Mask: new ulong[k * size], Work: new NativeBuffer((long)size * sizeof(double))),
            (i, _, state) =>
            {
                for (int row = 0; row < rows; row++)
                {
                    state.Masks.Fill(MaskDomain.BootstrapKey, i, row, state.Mask.AsSpan());
                    for (int u = 0; u < k; u++)
                    {
                        target.Put(i, row, u, state.Mask.AsSpan(u * size, size), state.Work.Doubles, path);
                    }

                    target.Put(i, row, k, key.BootstrapBodies[i].AsSpan(row * size, size), state.Work.Doubles, path);
                }

                return state;
            },
            state =>
            {
                state.Masks.Dispose();
                state.Work.Dispose();
            });
    }
}
