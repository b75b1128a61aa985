using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// How a circuit's integers lie on the torus. A value v is carried as v·Δ. All values that a linear step joins share one Δ,
/// set by the widest range R that a look-up reads of them: Δ = 2^63 / R, so that R integers fill the half torus exactly
/// (R need not be a power of two). A look-up adds an offset that centres its element's range in the half torus.
/// </summary>
public sealed class ValueEncoding
{
    /// <summary>2^63, the half torus in 64-bit words.</summary>
    private const double HalfTorus = 9223372036854775808.0;

    /// <summary>The least Δ, in units of 2^-64: four steps of a 32-bit ciphertext word.</summary>
    private const double LeastStep = 1UL << 34;

    private readonly FheCircuit _circuit;
    private readonly ulong[] _delta;
    private readonly long[] _width;

    /// <summary>Lays out a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="guard">The fraction of the half torus kept free at each end of the range, 0 to 0.4.</param>
    /// <param name="widening">Lays it out as if every range were so many times as wide: positive, and 1 for what is to run.</param>
    /// <exception cref="ArgumentException">A range is so wide that no integer step is left.</exception>
    public ValueEncoding(FheCircuit circuit, double guard, double widening = 1)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegative(guard);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guard, 0.4);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widening);
        _circuit = circuit;
        Guard = guard;
        int count = circuit.Steps.Count + 1;
        int[] group = ValueGroups.Of(circuit);
        var widest = new long[count];
        _width = new long[count];
        for (int v = 0; v < count; v++)
        {
            _width[v] = circuit.Ranges[v].Max(r => r.Width);
            if (IsRead(circuit, v))
            {
                widest[group[v]] = Math.Max(widest[group[v]], _width[v]);
            }
        }

        _delta = new ulong[count];
        for (int v = 0; v < count; v++)
        {
            double delta = Math.Floor(Step(guard, Math.Max(1, widest[group[v]] * widening)));
            if (delta < LeastStep)
            {
                throw new ArgumentException($"Value {v} of circuit '{circuit.Name}' has a range of {widest[group[v]]} integers, too wide for 32-bit ciphertext words.", nameof(circuit));
            }

            _delta[v] = (ulong)delta;
        }
    }

    /// <summary>The fraction of the half torus kept free at each end.</summary>
    public double Guard { get; }

    /// <summary>The torus step of value <paramref name="value"/>, in units of 2^-64.</summary>
    public ulong Delta(int value) => _delta[value];

    /// <summary>The widest range among the elements of value <paramref name="value"/>.</summary>
    public long Width(int value) => _width[value];

    /// <summary>What a look-up adds to the body so that <paramref name="range"/> is centred in [0, 2^63): 2^62 − (min + max)·Δ/2.</summary>
    public ulong Offset(int value, ValueRange range) => (1UL << 62) - HalfTimes(range.Min + range.Max, _delta[value]);

    /// <summary>The integer nearest to a phase, within <paramref name="range"/>.</summary>
    public long Decode(int value, ulong phase, ValueRange range)
    {
        // Relative to the middle of the range the phase is a small signed number, wherever the range lies.
        long relative = (long)(phase - HalfTimes(range.Min + range.Max, _delta[value]));
        double steps = (relative / (double)_delta[value]) + ((range.Min + range.Max) / 2.0);
        return Math.Clamp((long)Math.Round(steps), range.Min, range.Max);
    }

    /// <summary>The table that a bootstrap reads for an element: coefficient j answers for phases in [j, j + 1)·2^63/N.</summary>
    /// <param name="table">The integer table.</param>
    /// <param name="source">The value read.</param>
    /// <param name="range">The element's range.</param>
    /// <param name="target">The value written.</param>
    /// <param name="size">N.</param>
    public ulong[] Polynomial(LookupTable table, int source, ValueRange range, int target, int size)
    {
        ArgumentNullException.ThrowIfNull(table);
        var polynomial = new ulong[size];
        for (int j = 0; j < size; j++)
        {
            polynomial[j] = (ulong)(long)table[IntegerAt(j, source, range, size)] * _delta[target];
        }

        return polynomial;
    }

    /// <summary>The integer that entry <paramref name="entry"/> of a table stands for: the one nearest to the middle of its phases, within the range.</summary>
    /// <param name="entry">0 to N − 1.</param>
    /// <param name="source">The value read.</param>
    /// <param name="range">The element's range.</param>
    /// <param name="size">N.</param>
    public long IntegerAt(int entry, int source, ValueRange range, int size)
    {
        double fromMiddle = ((entry + 0.5) * (HalfTorus / size)) - (HalfTorus / 2);
        long v = (long)Math.Round((fromMiddle / _delta[source]) + ((range.Min + range.Max) / 2.0), MidpointRounding.AwayFromZero);
        return Math.Clamp(v, range.Min, range.Max);
    }

    /// <summary>Whether a circuit can be laid out: whether its widest range that is read leaves a step that 32-bit words carry.</summary>
    internal static bool Fits(FheCircuit circuit, double guard, double widening)
    {
        double widest = Enumerable.Range(0, circuit.Steps.Count + 1).Where(v => IsRead(circuit, v)).Max(v => circuit.Ranges[v].Max(r => r.Width));
        return Step(guard, widest * widening) >= LeastStep;
    }

    private static double Step(double guard, double width) => HalfTorus * (1 - (2 * guard)) / width;

    private static ulong HalfTimes(long twice, ulong delta) =>
        (twice & 1) == 0 ? (ulong)(twice / 2) * delta : ((ulong)((twice - 1) / 2) * delta) + (delta / 2);

    private static bool IsRead(FheCircuit circuit, int value) =>
        value == circuit.Output.Value || circuit.Steps.OfType<LookupStep>().Any(s => s.Source == value);
}
