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

    /// <summary>The tables of <paramref name="count"/> elements of a look-up step; a step always asks for one <paramref name="size"/>.</summary>
    public ulong[][] Get(int step, LookupStep lookup, int firstElement, int count, int size)
    {
        var made = new Dictionary<(int Step, int Table, ValueRange Range), ulong[]>();
        var tables = new ulong[count][];
        for (int i = 0; i < count; i++)
        {
            int element = firstElement + i;
            (int Step, int Table, ValueRange Range) key = (step, lookup.TableOfElement[element], circuit.Ranges[lookup.Source][element]);
            if (!_kept.TryGetValue(key, out ulong[]? polynomial) && !made.TryGetValue(key, out polynomial))
            {
                polynomial = encoding.Polynomial(lookup.Tables[key.Table], lookup.Source, key.Range, step + 1, size);
                made.Add(key, polynomial);
                Keep(key, polynomial);
            }

            tables[i] = polynomial;
        }

        return tables;
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
