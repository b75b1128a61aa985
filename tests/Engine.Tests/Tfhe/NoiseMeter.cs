using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe;

/// <summary>Variances of phase errors, measured with a key.</summary>
internal sealed unsafe class NoiseMeter : IDisposable
{
    private readonly ParameterSet _p;
    private readonly GlweParameters _from;
    private readonly ClientKey _client;
    private readonly ServerKey? _owned;
    private readonly LookupKey _key;

    private NoiseMeter(ParameterSet p, GlweParameters from, ClientKey client, ServerKey server, bool owned)
    {
        _p = p;
        _from = from;
        _client = client;
        _owned = owned ? server : null;
        _key = server.Of(from, p);
    }

    /// <summary>A meter with keys of its own.</summary>
    public static NoiseMeter For(ParameterSet p)
    {
        ClientKey client = ClientKey.Generate(p);
        return new NoiseMeter(p, p.Glwe, client, ServerKey.Expand(client.CreateEvaluationKey(), Environment.ProcessorCount), owned: true);
    }

    /// <summary>A meter of look-ups by one set of a suite that read ciphertexts under one of its big keys.</summary>
    public static NoiseMeter For(ParameterSuite suite, GlweParameters from, ParameterSet p)
    {
        (ClientKey client, _, ServerKey server) = TestKeys.For(suite);
        return new NoiseMeter(p, from, client, server, owned: false);
    }

    private byte[] Small => _client.SmallOf(_p);

    private byte[] Big => _client.BigOf(_p.Glwe);

    /// <summary>The model with this key's weights in place of their means: rounding takes part where s_i = 1, and each S_t = 1 adds a coefficient's.</summary>
    public double ModelledRotation()
    {
        double big = Big.Sum(b => (double)b), small = Small.Sum(b => (double)b), n = _p.SmallDimension.Value;
        double rounding = (1 + (_p.BigDimension.Value / 2.0)) / (24 * Math.Pow(2, 2 * _p.Bootstrap.Bits)), fourier = NoiseModel.Fourier(_p);
        double weight = (1 + big) / (1 + (_p.BigDimension.Value / 2.0));
        double ggsw = (NoiseModel.BlindRotation(_p) / n) - rounding - fourier;
        return (n * ggsw) + (n * fourier * weight) + (2 * small * rounding * weight);
    }

    /// <summary>The error of rotated encryptions of zero, over all coefficients.</summary>
    public double Rotation(int rotations)
    {
        CmuxShape shape = _key.Bootstrap.Shape;
        int n = _p.SmallDimension.Value, k = _p.GlweDimension.Value, size = _p.PolynomialSize.Value;
        using var accumulator = new NativeBuffer((long)shape.AccumulatorWords * sizeof(ulong));
        using var work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        using var secret = new SecretPolynomials(Big, k, size);
        using SecretPolynomials.Multiplier multiplier = secret.CreateMultiplier();
        var random = new System.Random(1);
        var exponents = new int[n + 1];
        var mask = new ulong[k * size];
        var product = new ulong[size];
        double sum = 0;
        for (int repetition = 0; repetition < rotations; repetition++)
        {
            for (int i = 0; i <= n; i++)
            {
                exponents[i] = random.Next(2 * size);
            }

            // A noiseless encryption of zero under a random mask: whatever the rotation, the phase of the result is its noise.
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mask.AsSpan()));
            multiplier.MaskTimesKey(mask, product);
            for (int u = 0; u <= k; u++)
            {
                Span<ulong> polynomial = u < k ? mask.AsSpan(u * size, size) : product;
                polynomial.CopyTo(new Span<ulong>(accumulator.Words64 + (u * shape.Stride), size));
            }

            BlindRotation.Run(accumulator.Words64, exponents, 1, _key.Bootstrap, work.Doubles, SimdPaths.Best);
            for (int u = 0; u < k; u++)
            {
                new Span<ulong>(accumulator.Words64 + (u * shape.Stride), size).CopyTo(mask.AsSpan(u * size));
            }

            multiplier.MaskTimesKey(mask, product);
            for (int t = 0; t < size; t++)
            {
                double error = (long)(accumulator.Words64[(k * shape.Stride) + t] - product[t]) / Math.Pow(2, 64);
                sum += error * error;
            }
        }

        return sum / ((double)rotations * size);
    }

    /// <summary>The error that a key switch adds: its mean, and its variance around that.</summary>
    public (double Mean, double Variance) Keyswitch(int count)
    {
        LweBatch input = SeededLweList.Encrypt(_client, _client.Parameters, _from, new ulong[count]).Expand(_client.Parameters, _from);
        int n = _p.SmallDimension.Value, row = _from.BigDimension.Value + 1;
        const int Batch = 8;
        using var digits = new NativeBuffer((long)Batch * _from.BigDimension.Value * _p.Keyswitch.Levels * sizeof(int));
        using var target = new NativeBuffer((long)Batch * _key.KeyswitchStride * sizeof(uint));
        double sum = 0, squares = 0;
        for (int first = 0; first < count; first += Batch)
        {
            int batch = Math.Min(Batch, count - first);
            KeyswitchKernel.Switch(input.Words.Slice(first * row, batch * row), batch, _from.BigDimension.Value, _p.Keyswitch.BaseLog, _p.Keyswitch.Levels, _key.Keyswitch, _key.KeyswitchStride, (int*)digits.Words32, n, target.Words32);
            for (int c = 0; c < batch; c++)
            {
                uint before = LwePhase.Of(input[first + c], _client.BigOf(_from));
                uint after = LwePhase.Of(new ReadOnlySpan<uint>(target.Words32 + (c * _key.KeyswitchStride), n + 1), Small);
                double error = (int)(after - before) / Math.Pow(2, 32);
                sum += error;
                squares += error * error;
            }
        }

        double mean = sum / count;
        return (mean, ((squares / count) - (mean * mean)) * count / (count - 1));
    }

    /// <summary>The error between a random phase and what a table of all phases returns for it.</summary>
    public double Bootstrap(int count)
    {
        var random = new System.Random(2);
        ulong[] table = [.. Enumerable.Range(0, _p.TableSize).Select(j => ((2 * (ulong)j) + 1) * ((1UL << 62) / (ulong)_p.TableSize))];

        // Away from the ends of the half torus, where the table's sign changes.
        ulong[] phases = [.. Enumerable.Range(0, count).Select(_ => (ulong)((0.3 + (0.4 * random.NextDouble())) * Math.Pow(2, 63)))];
        LweBatch input = SeededLweList.Encrypt(_client, _client.Parameters, _from, phases).Expand(_client.Parameters, _from);
        var output = new LweBatch(_p.BigDimension, count);
        int threads = Environment.ProcessorCount, share = (count + threads - 1) / threads;
        _ = Parallel.For(0, threads, t =>
        {
            int first = t * share, length = Math.Min(share, count - first);
            if (length > 0)
            {
                using var bootstrapper = new Bootstrapper(_key, SimdPaths.Best);
                var result = new LweBatch(_p.BigDimension, length);
                bootstrapper.Bootstrap(input.Slice(first, length), [], [.. Enumerable.Repeat(table, length)], result);
                output.Put(first, result);
            }
        });
        double sum = 0;
        for (int c = 0; c < count; c++)
        {
            double error = (int)(LwePhase.Of(output[c], Big) - (uint)(phases[c] >> 32)) / Math.Pow(2, 32);
            sum += error * error;
        }

        return sum / count;
    }

    public void Dispose() => _owned?.Dispose();
}
