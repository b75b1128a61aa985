using System.Diagnostics;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Programmable bootstraps of batches with one thread's work space: key switch kN → n, centred modulus switch, blind
/// rotation, sample extraction. The table of a ciphertext is read at floor(phase·2N') in [0, N'), with the negacyclic sign beyond.
/// </summary>
internal sealed unsafe class Bootstrapper : IDisposable
{
    private readonly LookupKey _key;
    private readonly SimdPath _path;
    private readonly int _batch;
    private readonly NativeBuffer _digits;
    private readonly NativeBuffer _switched;
    private readonly NativeBuffer _accumulators;
    private readonly SortedBlindRotation? _sorted;
    private readonly NativeBuffer _work;
    private readonly int[] _exponents;
    private readonly StreamedKeyswitch _streamed;

    public Bootstrapper(ServerKey key)
        : this(key.Only, SimdPaths.Best)
    {
    }

    internal Bootstrapper(LookupKey key, SimdPath path)
    {
        if (key.Bootstrap.Path is { } made && made != path)
        {
            throw new ArgumentException($"The key was expanded for {made}; {path} has another order of values.", nameof(path));
        }

        _key = key;
        _path = path;
        ParameterSet p = key.Parameters;

        _batch = BatchOf(p);
        CmuxShape shape = key.Bootstrap.Shape;
        _digits = new NativeBuffer((long)_batch * key.InputDimension.Value * p.Keyswitch.Levels * sizeof(int));
        _switched = new NativeBuffer((long)_batch * key.KeyswitchStride * sizeof(uint));
        _accumulators = new NativeBuffer((long)_batch * shape.AccumulatorWords * sizeof(ulong));
        _sorted = p.Log2Extension > 0 ? new SortedBlindRotation(key.Bootstrap, p.Log2Extension) : null;
        _work = new NativeBuffer((long)shape.WorkDoubles * sizeof(double));
        _exponents = new int[_batch * (p.SmallDimension.Value + 1)];
        _streamed = new StreamedKeyswitch(key, (int*)_digits.Words32, _switched.Words32, _exponents);
    }

    /// <summary>The ciphertexts that share one pass over the keys, and the most that the two measuring halves take.</summary>
    public int MaxBatch => _batch;

    /// <summary>The same for any key of a parameter set: accumulators of a batch must stay in the second-level cache beside the GGSW that they share.</summary>
    public static int BatchOf(ParameterSet parameters) => parameters.PolynomialSize.Value switch
    {
        <= 2048 => 8,
        <= 16384 => 4,
        _ => 2,
    };

    /// <summary>Bootstraps every ciphertext of a batch with its own table.</summary>
    /// <param name="input">Ciphertexts under the big key.</param>
    /// <param name="bodyOffsets">What is added to each body first, or empty for nothing.</param>
    /// <param name="tables">For each ciphertext, N' torus words.</param>
    /// <param name="output">As many ciphertexts; may be the input.</param>
    public void Bootstrap(LweBatch input, ReadOnlySpan<uint> bodyOffsets, ReadOnlySpan<ulong[]> tables, LweBatch output) =>
        Bootstrap(input, bodyOffsets, tables, output, RotationPlan.Full(_key.Parameters), []);

    /// <summary>Bootstraps every ciphertext of a batch with its own table, by a plan.</summary>
    /// <param name="input">Ciphertexts under the big key that the keys switch from.</param>
    /// <param name="bodyOffsets">What is added to each body first, or empty for nothing.</param>
    /// <param name="tables">For each ciphertext, 2^ν'·N torus words: where the plan has 2^θ tables, entry g of table t at g·2^θ + t.</param>
    /// <param name="output">The results: as many ciphertexts, and then it may be the input; or as many as <paramref name="outputs"/> says, one ciphertext's after the other's.</param>
    /// <param name="plan">How much of the set's precision is used.</param>
    /// <param name="outputs">For each ciphertext, from how many of its 2^θ tables a result is wanted; empty for one each.</param>
    public void Bootstrap(LweBatch input, ReadOnlySpan<uint> bodyOffsets, ReadOnlySpan<ulong[]> tables, LweBatch output, RotationPlan plan, ReadOnlySpan<int> outputs = default)
    {
        ParameterSet p = _key.Parameters;
        int row = _key.InputDimension.Value + 1, written = 0;
        for (int first = 0; first < input.Count; first += _batch)
        {
            int count = Math.Min(_batch, input.Count - first);
            ReadOnlySpan<uint> words = input.Words.Slice(first * row, count * row), offsets = bodyOffsets.IsEmpty ? [] : bodyOffsets.Slice(first, count);
            if (count == 1 && plan.Log2Extension == 0 && plan.Log2Tables == 0 && p.Keys.IsUniform)
            {
                int way = _key.SwitchBeside.Next();
                long begun = Stopwatch.GetTimestamp();
                if (way == 1)
                {
                    SwitchAndRotate(words, offsets.IsEmpty ? 0 : offsets[0], tables[first], output[written]);
                }
                else
                {
                    Keyswitch(words, 1, offsets, plan);
                    _ = Rotate(tables.Slice(first, 1), output, written, plan, []);
                }

                _key.SwitchBeside.Report(way, Stopwatch.GetTimestamp() - begun);
                written++;
                continue;
            }

            Keyswitch(words, count, offsets, plan);
            written += Rotate(tables.Slice(first, count), output, written, plan, outputs.IsEmpty ? [] : outputs.Slice(first, count));
        }

        // The kernels work on addresses; keys and work spaces must not be finalized under them.
        GC.KeepAlive(this);
    }

    /// <summary>The first half of a bootstrap, for measuring: key and modulus switch of one batch.</summary>
    public void KeyswitchOnly(LweBatch input, ReadOnlySpan<uint> bodyOffsets, RotationPlan plan) => Keyswitch(input.Words, input.Count, bodyOffsets, plan);

    /// <summary>The second half, for measuring: rotation and extraction of the batch switched last.</summary>
    public void RotateOnly(ReadOnlySpan<ulong[]> tables, LweBatch output, RotationPlan plan) => Rotate(tables, output, 0, plan, []);

    public void Dispose()
    {
        _digits.Dispose();
        _switched.Dispose();
        _accumulators.Dispose();
        _sorted?.Dispose();
        _work.Dispose();
    }

    private ulong* Accumulator(int index) => _accumulators.Words64 + ((nint)index * _key.Bootstrap.Shape.AccumulatorWords);

    private ReadOnlySpan<int> Exponents(int index)
    {
        int row = _key.Parameters.SmallDimension.Value + 1;
        return _exponents.AsSpan(index * row, row);
    }

    /// <summary>One bootstrap alone, its key switch running beside its rotation; the same words as in a batch.</summary>
    private void SwitchAndRotate(ReadOnlySpan<uint> ciphertext, uint bodyOffset, ReadOnlySpan<ulong> table, Span<uint> output)
    {
        CmuxShape shape = _key.Bootstrap.Shape;
        _streamed.Begin(ciphertext, bodyOffset);
        BlindRotation.Initialize(Accumulator(0), table, shape);
        BlindRotation.Run(Accumulator(0), _streamed, _key.Bootstrap, _work.Doubles, _path);
        SampleExtraction.Coefficient(Accumulator(0), shape.Stride, shape.Size, Exponents(0)[^1], output);
    }

    /// <summary>Rotates the batch switched last; returns the number of results.</summary>
    private int Rotate(ReadOnlySpan<ulong[]> tables, LweBatch output, int firstOutput, RotationPlan plan, ReadOnlySpan<int> outputs) =>
        _sorted is null || plan.Log2Extension == 0
            ? RotateTogether(tables, output, firstOutput, outputs)
            : RotateOneByOne(_sorted, tables, output, firstOutput);

    private int RotateTogether(ReadOnlySpan<ulong[]> tables, LweBatch output, int firstOutput, ReadOnlySpan<int> outputs)
    {
        CmuxShape shape = _key.Bootstrap.Shape;
        for (int c = 0; c < tables.Length; c++)
        {
            BlindRotation.Initialize(Accumulator(c), tables[c], shape);
        }

        if (_key.Parameters.Keys is { IsUniform: false } keys)
        {
            BlockBlindRotation.Run(_accumulators.Words64, _exponents, tables.Length, _key.Bootstrap, keys.BlockLength, _work.Doubles, _path);
        }
        else
        {
            BlindRotation.Run(_accumulators.Words64, _exponents, tables.Length, _key.Bootstrap, _work.Doubles, _path);
        }

        int written = 0;
        for (int c = 0; c < tables.Length; c++)
        {
            int wanted = outputs.IsEmpty ? 1 : outputs[c], position = Exponents(c)[^1];
            for (int h = 0; h < wanted; h++, written++)
            {
                SampleExtraction.Coefficient(Accumulator(c), shape.Stride, shape.Size, (position + h) & ((2 * shape.Size) - 1), output[firstOutput + written]);
            }
        }

        return written;
    }

    /// <summary>Each ciphertext has an order of its own, so a batch shares its key switch only. Tables share a rotation in one accumulator only: here it would gain nothing.</summary>
    private int RotateOneByOne(SortedBlindRotation sorted, ReadOnlySpan<ulong[]> tables, LweBatch output, int firstOutput)
    {
        CmuxShape shape = _key.Bootstrap.Shape;
        for (int c = 0; c < tables.Length; c++)
        {
            ulong* result = sorted.Run(tables[c], Exponents(c), _work.Doubles, _path);
            SampleExtraction.Coefficient(result, shape.Stride, shape.Size, 0, output[firstOutput + c]);
        }

        return tables.Length;
    }

    private void Keyswitch(ReadOnlySpan<uint> source, int count, ReadOnlySpan<uint> bodyOffsets, RotationPlan plan)
    {
        ParameterSet p = _key.Parameters;
        int n = p.SmallDimension.Value;
        KeyswitchKernel.Switch(source, count, _key.InputDimension.Value, p.Keyswitch.BaseLog, p.Keyswitch.Levels, _key.Keyswitch, _key.KeyswitchStride, (int*)_digits.Words32, n, _switched.Words32);
        for (int c = 0; c < count; c++)
        {
            var switched = new Span<uint>(_switched.Words32 + ((nint)c * _key.KeyswitchStride), n + 1);
            if (!bodyOffsets.IsEmpty)
            {
                switched[n] += bodyOffsets[c];
            }

            ModulusSwitch.Switch(switched, p.PolynomialSize.Log2 + plan.Log2Extension + 1, _exponents.AsSpan(c * (n + 1), n + 1), plan.Companion, plan.Log2Tables, p.Keys.BlockLength);
        }
    }
}
