using System.Numerics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>A look-up step's tables in one array, with the range and the start of each element: y = table[clamp(x, range)].</summary>
internal sealed class FlatTables
{
    private readonly int[] _outputs;
    private readonly long[] _min;
    private readonly long[] _last;
    private readonly int[] _start;

    /// <summary>Flattens a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="ranges">The range of each element that it reads, within its table's domain.</param>
    public FlatTables(LookupStep step, ValueRange[] ranges)
    {
        var first = new int[step.Tables.Count];
        int total = 0;
        for (int t = 0; t < first.Length; t++)
        {
            first[t] = total;
            total = checked(total + step.Tables[t].Outputs.Length);
        }

        _outputs = new int[total];
        for (int t = 0; t < first.Length; t++)
        {
            step.Tables[t].Outputs.CopyTo(_outputs, first[t]);
        }

        _min = [.. ranges.Select(r => r.Min)];
        _last = [.. ranges.Select(r => r.Max - r.Min)];
        _start = [.. ranges.Select((r, i) => first[step.TableOfElement[i]] + (int)(r.Min - step.Tables[step.TableOfElement[i]].InputMin))];
    }

    /// <summary>What an element's table gives for an integer, the nearest end of the range for one outside.</summary>
    public int this[int element, long x] => _outputs[_start[element] + (int)Math.Clamp(x - _min[element], 0, _last[element])];

    /// <summary>Looks up a block.</summary>
    public void Apply<T>(ReadOnlySpan<T> source, Span<T> target, int lanes)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < _start.Length; i++)
        {
            ReadOnlySpan<T> x = source.Slice(i * lanes, lanes);
            Span<T> y = target.Slice(i * lanes, lanes);
            long min = _min[i], last = _last[i];
            ReadOnlySpan<int> table = _outputs.AsSpan(_start[i], (int)last + 1);
            for (int lane = 0; lane < x.Length; lane++)
            {
                y[lane] = T.CreateTruncating(table[(int)Math.Clamp(long.CreateTruncating(x[lane]) - min, 0, last)]);
            }
        }
    }
}
