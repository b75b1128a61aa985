using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>Evaluation keys expanded for computing, in native memory: bootstrapping keys in the Fourier domain,
/// key-switching keys as 32-bit words. Thread-safe for reading; dispose it when no bootstrap uses it.</summary>
public sealed unsafe class ServerKey : IDisposable
{
    private readonly List<NativeBuffer> _keyswitches = [];
    private readonly List<FourierBootstrapKey> _bootstraps = [];
    private readonly List<LookupKey> _lookups = [];

    private ServerKey(ParameterSuite parameters)
    {
        Parameters = parameters;
        foreach (ParameterSet set in parameters.Sets)
        {
            var bootstrap = new FourierBootstrapKey(set);
            _bootstraps.Add(bootstrap);
            foreach (GlweParameters from in parameters.BigKeys)
            {
                var keyswitch = new NativeBuffer((long)from.BigDimension.Value * set.Keyswitch.Levels * KeyswitchKernel.Stride(set.SmallDimension.Value) * sizeof(uint));
                _keyswitches.Add(keyswitch);
                _lookups.Add(new LookupKey(set, from, bootstrap, keyswitch));
            }
        }
    }

    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSuite Parameters { get; }

    /// <summary>The native memory held, in bytes.</summary>
    public long ByteSize => _bootstraps.Sum(b => b.Bytes) + _keyswitches.Sum(k => k.Bytes);

    /// <summary>The keys of a key with one set.</summary>
    internal LookupKey Only => Of(Parameters.Only.Glwe, Parameters.Only);

    /// <summary>Expands a key on up to <paramref name="threads"/> threads.</summary>
    public static ServerKey Expand(EvaluationKey key, int threads)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Expand(key, key.Parameters, threads);
    }

    /// <summary>Expands the parts of a key that a model needs, on up to <paramref name="threads"/> threads.</summary>
    /// <param name="key">The key.</param>
    /// <param name="parameters">The model's parameters, all of which the key is for.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="ArgumentException">The key is not for all of these sets.</exception>
    public static ServerKey Expand(EvaluationKey key, ParameterSuite parameters, int threads)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Expand(key, parameters, threads, SimdPaths.Best);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bootstraps.ForEach(b => b.Dispose());
        _keyswitches.ForEach(k => k.Dispose());
    }

    /// <summary>
    /// Keys of the right shape filled with arbitrary numbers, for measuring time alone: it takes no key generation, and what they compute
    /// means nothing.
    /// </summary>
    internal static ServerKey Meaningless(ParameterSet p)
    {
        var key = new ServerKey(p);

        // The size of a real key's coefficients, 2^-65·sqrt(2/N) or so, keeps every product an ordinary number.
        ulong state = 0x9E3779B97F4A7C15;
        double scale = Math.Pow(2, -64) * Math.Pow(2, -63) * Math.Sqrt(2.0 / p.PolynomialSize.Value);
        FourierBootstrapKey bootstrap = key._bootstraps[0];
        double* doubles = bootstrap[0];
        for (long i = 0; i < bootstrap.Bytes / sizeof(double); i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            doubles[i] = (long)state * scale;
        }

        NativeBuffer keyswitch = key._keyswitches[0];
        for (long i = 0; i < keyswitch.Bytes / sizeof(uint); i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            keyswitch.Words32[i] = (uint)(state >> 32);
        }

        return key;
    }

    internal static ServerKey Expand(EvaluationKey key, ParameterSuite parameters, int threads, SimdPath path)
    {
        // Looked up before memory is taken, so that a key for other sets costs none.
        EvaluationKeyPart[] parts = [.. parameters.Sets.Select(set => key.Parts[key.Parameters.IndexOf(set)])];
        int[] from = [.. parameters.BigKeys.Select(key.Parameters.IndexOf)];
        var expanded = new ServerKey(parameters);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        for (int set = 0; set < parts.Length; set++)
        {
            for (int i = 0; i < from.Length; i++)
            {
                ExpandKeyswitch(parts[set].Parameters, parts[set].Keyswitches[from[i]], expanded._keyswitches[(set * from.Length) + i].Words32, options);
            }

            ExpandBootstrap(parts[set], expanded._bootstraps[set], options, path);
        }

        return expanded;
    }

    /// <summary>The keys for look-ups by a set of ciphertexts under a big key.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal LookupKey Of(GlweParameters from, ParameterSet set) => _lookups.Find(l => l.From == from && l.Parameters.Id == set.Id)
        ?? throw new ArgumentException($"The key is for parameters {Parameters.Id}: it has none for look-ups by {set.Id} of ciphertexts of dimension {from.BigDimension}.", nameof(set));

    private static void ExpandKeyswitch(ParameterSet p, SeededKeyswitchKey key, uint* target, ParallelOptions options)
    {
        int n = p.SmallDimension.Value, rows = key.Bodies.Length;
        _ = Parallel.For(
            0,
            rows,
            options,
            () => (Masks: new MaskGenerator(key.Seed), Row: new uint[n + 1]),
            (index, _, state) =>
            {
                state.Masks.Fill(MaskDomain.KeyswitchKey, 0, index, state.Row.AsSpan(0, n));
                state.Row[n] = key.Bodies[index];
                KeyswitchKernel.PutRow(state.Row, index, rows, target);
                return state;
            },
            state => state.Masks.Dispose());
    }

    private static void ExpandBootstrap(EvaluationKeyPart key, FourierBootstrapKey target, ParallelOptions options, SimdPath path)
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
