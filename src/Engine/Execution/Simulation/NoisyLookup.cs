using System.Numerics;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>
/// A look-up step as bootstraps read it: the phase v·Δ + offset + error falls into entry floor(phase·2N') modulo 2N' (N' the entries that the look-up's plan gives a table), the entries from N' on are the negatives of the first, and
/// an entry stands for the integer that the encoding's boxes give it.
/// </summary>
internal sealed class NoisyLookup
{
    private readonly ValueEncoding _encoding;
    private readonly FlatTables _tables;
    private readonly ValueRange[] _ranges;
    private readonly ulong[] _offsets;
    private readonly ulong _delta;
    private readonly int _size;
    private readonly int _shift;

    public NoisyLookup(CompiledModel model, int index)
    {
        LookupStep step = model.Lookup(index);
        Source = step.Source;
        Plan = model.Plan(index);
        Parameters = model.ParameterPlan[index];
        ModulusSwitch = NoiseModel.ModulusSwitch(Parameters, Plan);
        _encoding = model.Encoding;
        _ranges = model.Circuit.Ranges[step.Source];
        _tables = new FlatTables(step, _ranges);
        _offsets = [.. _ranges.Select(r => (_encoding.Offset(step.Source, r) + 0x80000000UL) & ~0xFFFFFFFFUL)];
        _delta = _encoding.Delta(step.Source);
        _size = Plan.Boxes(Parameters);
        _shift = 63 - BitOperations.Log2((uint)_size);
    }

    /// <summary>The value read.</summary>
    public int Source { get; }

    /// <summary>The look-up's parameters.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>How it uses them.</summary>
    public RotationPlan Plan { get; }

    /// <summary>The variance that its modulus switch adds.</summary>
    public double ModulusSwitch { get; }

    /// <summary>Looks up a block.</summary>
    /// <param name="source">The accumulators, a row an element.</param>
    /// <param name="errors">Their ciphertexts' errors.</param>
    /// <param name="switching">What the switches add.</param>
    /// <param name="target">The results.</param>
    /// <param name="lanes">The lanes of a row.</param>
    /// <param name="count">The lanes that hold samples and are counted.</param>
    public LookupNoise Apply<T>(ReadOnlySpan<T> source, ReadOnlySpan<float> errors, ReadOnlySpan<float> switching, Span<T> target, int lanes, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        double sum = 0, squares = 0;
        long misread = 0, wrong = 0, negated = 0;
        for (int i = 0; i < _ranges.Length; i++)
        {
            for (int lane = 0; lane < count; lane++)
            {
                int at = (i * lanes) + lane;
                long accumulator = long.CreateTruncating(source[at]);
                double error = (double)errors[at] + switching[at];
                ulong phase = ((ulong)accumulator * _delta) + _offsets[i] + (ulong)(long)(error * TorusWords);
                int index = (int)(phase >> _shift);
                bool wrapped = index >= _size;
                long integer = _encoding.IntegerAt(wrapped ? index - _size : index, Source, _ranges[i], _size);
                int entry = _tables[i, integer], result = wrapped ? -entry : entry;
                target[at] = T.CreateTruncating(result);
                sum += 2 * error;
                squares += 4 * error * error;
                misread += wrapped || integer != accumulator ? 1 : 0;
                wrong += result != _tables[i, accumulator] ? 1 : 0;
                negated += wrapped ? 1 : 0;
            }
        }

        return new LookupNoise((long)_ranges.Length * count, sum, squares, misread, wrong, negated);
    }

    /// <summary>2^64, the words of the torus.</summary>
    internal const double TorusWords = 18446744073709551616.0;
}
