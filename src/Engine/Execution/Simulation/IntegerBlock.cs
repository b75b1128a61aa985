using System.Numerics;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>All integers of a block of samples: loading, linear steps, and what was seen. One thread's work space.</summary>
/// <typeparam name="T">int or long.</typeparam>
internal sealed class IntegerBlock<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CircuitLayout _layout;
    private readonly T[] _values;

    /// <summary>Makes the work space.</summary>
    /// <param name="layout">The circuit's layout.</param>
    /// <param name="lanes">The samples of a block, a multiple of <c>Vector256&lt;T&gt;.Count</c>.</param>
    public IntegerBlock(CircuitLayout layout, int lanes)
    {
        _layout = layout;
        Lanes = lanes;
        _values = new T[layout.Rows * lanes];
    }

    /// <summary>The samples of the block.</summary>
    public int Lanes { get; }

    /// <summary>The rows of a value.</summary>
    public Span<T> Value(int value) => _values.AsSpan(_layout.FirstRow(value) * Lanes, _layout.Circuit.LengthOf(value) * Lanes);

    /// <summary>One element of one sample.</summary>
    public long Get(int value, int element, int lane) => long.CreateTruncating(_values[((_layout.FirstRow(value) + element) * Lanes) + lane]);

    /// <summary>One value of one sample.</summary>
    public long[] Get(int value, int lane)
    {
        var result = new long[_layout.Circuit.LengthOf(value)];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Get(value, i, lane);
        }

        return result;
    }

    /// <summary>Puts a quantized input into a lane.</summary>
    /// <exception cref="ArgumentException">The input has the wrong length or a value outside the input's range.</exception>
    public void Load(int lane, ReadOnlySpan<int> input)
    {
        CircuitInput description = _layout.Circuit.Input;
        if (input.Length != description.Length)
        {
            throw new ArgumentException($"The circuit takes {description.Length} values, not {input.Length}.", nameof(input));
        }

        ValueRange range = description.Range;
        Span<T> rows = Value(0);
        for (int i = 0; i < input.Length; i++)
        {
            rows[(i * Lanes) + lane] = range.Contains(input[i])
                ? T.CreateTruncating(input[i])
                : throw new ArgumentException($"Value {i} is {input[i]}; the circuit takes {range}.", nameof(input));
        }
    }

    /// <summary>Evaluates a linear step with the weights of its terms.</summary>
    public void Linear(int step, LinearStep linear, T[][] weights)
    {
        Span<T> target = Value(step + 1);
        for (int r = 0; r < linear.OutputLength; r++)
        {
            target.Slice(r * Lanes, Lanes).Fill(T.CreateTruncating(linear.Bias[r]));
        }

        for (int t = 0; t < weights.Length; t++)
        {
            LaneKernel.MultiplyAdd(linear.Terms[t].Matrix, weights[t], Value(linear.Terms[t].Source), target, Lanes);
        }
    }

    /// <summary>The least and largest integer of a value over the first <paramref name="count"/> samples.</summary>
    public ValueRange Extremes(int value, int count)
    {
        ReadOnlySpan<T> rows = Value(value);
        T min = rows[0], max = rows[0];
        if (count == Lanes)
        {
            Vector256<T> low = Vector256.Create(rows), high = low;
            for (int i = Vector256<T>.Count; i < rows.Length; i += Vector256<T>.Count)
            {
                var x = Vector256.Create(rows[i..]);
                low = Vector256.Min(low, x);
                high = Vector256.Max(high, x);
            }

            for (int i = 0; i < Vector256<T>.Count; i++)
            {
                min = T.Min(min, low[i]);
                max = T.Max(max, high[i]);
            }
        }
        else
        {
            for (int row = 0; row < rows.Length; row += Lanes)
            {
                foreach (T x in rows.Slice(row, count))
                {
                    min = T.Min(min, x);
                    max = T.Max(max, x);
                }
            }
        }

        return new ValueRange(long.CreateTruncating(min), long.CreateTruncating(max));
    }

    /// <summary>How many elements of the first <paramref name="count"/> samples are outside the range that the circuit gives them.</summary>
    public long CountOutside(int value, int count)
    {
        ValueRange[] ranges = _layout.Circuit.Ranges[value];
        long outside = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            for (int lane = 0; lane < count; lane++)
            {
                outside += ranges[i].Contains(Get(value, i, lane)) ? 0 : 1;
            }
        }

        return outside;
    }
}
