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

    private ServerKey(KeyNeeds needs)
    {
        Parameters = needs.Parameters;
        _bootstraps.AddRange(Parameters.Sets.Select(set => new FourierBootstrapKey(set)));
        foreach ((GlweParameters from, ParameterSet set) in needs.Kinds)
        {
            var keyswitch = new NativeBuffer((long)from.BigDimension.Value * set.Keyswitch.Levels * KeyswitchKernel.Stride(set.SmallDimension.Value) * sizeof(uint));
            _keyswitches.Add(keyswitch);
            _lookups.Add(new LookupKey(set, from, _bootstraps[Parameters.IndexOf(set)], keyswitch));
        }
    }

    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSuite Parameters { get; }

    /// <summary>The native memory held, in bytes.</summary>
    public long ByteSize => _bootstraps.Sum(b => b.Bytes) + _keyswitches.Sum(k => k.Bytes);

    /// <summary>The keys of a key with one set.</summary>
    internal LookupKey Only => Of(Parameters.Only.Glwe, Parameters.Only);

    /// <summary>Expands all of a key on up to <paramref name="threads"/> threads.</summary>
    public static ServerKey Expand(EvaluationKey key, int threads)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Expand(key, KeyNeeds.All(key.Parameters), threads);
    }

    /// <summary>Expands the parts of a key that a model needs, on up to <paramref name="threads"/> threads.</summary>
    /// <param name="key">The key.</param>
    /// <param name="needs">What the model needs; the key is for all of its parameters.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="ArgumentException">The key is not for all of these sets.</exception>
    public static ServerKey Expand(EvaluationKey key, KeyNeeds needs, int threads)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Expand(key, needs, threads, SimdPaths.Best);
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
        var key = new ServerKey(KeyNeeds.All(p));

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

    internal static ServerKey Expand(EvaluationKey key, KeyNeeds needs, int threads, SimdPath path)
    {
        // Looked up before memory is taken, so that a key for other sets costs none.
        EvaluationKeyPart[] parts = [.. needs.Parameters.Sets.Select(key.PartOf)];
        SeededKeyswitchKey[] keyswitches = [.. needs.Kinds.Select(k => key.PartOf(k.Set).Keyswitches[key.Parameters.IndexOf(k.From)])];
        var expanded = new ServerKey(needs);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        for (int i = 0; i < keyswitches.Length; i++)
        {
            ExpandKeyswitch(needs.Kinds[i].Set, keyswitches[i], expanded._keyswitches[i].Words32, options);
        }

        for (int i = 0; i < parts.Length; i++)
        {
            ExpandBootstrap(parts[i], expanded._bootstraps[i], options, path);
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
        target.Path = path;
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
