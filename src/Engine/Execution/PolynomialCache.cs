using System.Collections.Concurrent;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// The tables of a model's look-ups as bootstraps read them, made when first asked for and kept up to a bound: what lies beyond is
/// made anew each time, which costs little against a bootstrap. Thread-safe.
/// </summary>
internal sealed class PolynomialCache(FheCircuit circuit, ValueEncoding encoding)
{
    private const long MaxBytes = 256L << 20;
    private readonly ConcurrentDictionary<(int Step, int Table, ValueRange Range), ulong[]> _kept = new();
    private long _bytes;

    /// <summary>The tables of <paramref name="count"/> rotations of a look-up's work, which always asks for one <paramref name="size"/>.</summary>
    public ulong[][] Get(LookupWork work, int firstRotation, int count, int size)
    {
        var made = new Dictionary<(int Step, int Table, ValueRange Range), ulong[]>();
        var tables = new ulong[count][];
        for (int i = 0; i < count; i++)
        {
            IReadOnlyList<LookupOutput> outputs = work.Rotations[firstRotation + i].Outputs;
            tables[i] = work.Plan.Log2Tables == 0
                ? Get(outputs[0], size, made)
                : Interleave([.. outputs.Select(o => Get(o, size, made))], size, work.Plan.Log2Tables);
        }

        return tables;
    }

    /// <summary>Entry g of table t at g·2^θ + t; places of tables that are not there are zero.</summary>
    private static ulong[] Interleave(ulong[][] tables, int size, int log2Tables)
    {
        var all = new ulong[size << log2Tables];
        for (int t = 0; t < tables.Length; t++)
        {
            for (int g = 0; g < size; g++)
            {
                all[(g << log2Tables) + t] = tables[t][g];
            }
        }

        return all;
    }

    private ulong[] Get(LookupOutput output, int size, Dictionary<(int Step, int Table, ValueRange Range), ulong[]> made)
    {
        var lookup = (LookupStep)circuit.Steps[output.Step];
        (int Step, int Table, ValueRange Range) key = (output.Step, lookup.TableOfElement[output.Element], circuit.Ranges[lookup.Source][output.Element]);
        if (!_kept.TryGetValue(key, out ulong[]? polynomial) && !made.TryGetValue(key, out polynomial))
        {
            polynomial = encoding.Polynomial(lookup.Tables[key.Table], lookup.Source, key.Range, output.Step + 1, size);
            made.Add(key, polynomial);
            Keep(key, polynomial);
        }

        return polynomial;
    }

    private void Keep((int Step, int Table, ValueRange Range) key, ulong[] polynomial)
    {
        long bytes = (long)polynomial.Length * sizeof(ulong);
        if (Interlocked.Add(ref _bytes, bytes) > MaxBytes || !_kept.TryAdd(key, polynomial))
        {
            _ = Interlocked.Add(ref _bytes, -bytes);
        }
    }
}
