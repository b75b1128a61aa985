using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>What a look-up reads: an element of a value, seen through copies, with the range that it is centred by. Equal names are equal ciphertexts with equal offsets.</summary>
internal readonly record struct CiphertextName(int Value, int Element, ValueRange Range);

/// <summary>Tells which elements of a circuit's values are the same ciphertext.</summary>
internal sealed class CiphertextNames(FheCircuit circuit, ValueEncoding encoding)
{
    private readonly Dictionary<int, CiphertextName[]> _known = [];

    /// <summary>The names of all elements of a value.</summary>
    public CiphertextName[] Of(int value)
    {
        if (!_known.TryGetValue(value, out CiphertextName[]? names))
        {
            names = new CiphertextName[circuit.LengthOf(value)];
            for (int i = 0; i < names.Length; i++)
            {
                (int v, int e) = Original(value, i);
                names[i] = new CiphertextName(v, e, circuit.Ranges[value][i]);
            }

            _known.Add(value, names);
        }

        return names;
    }

    private (int Value, int Element) Original(int value, int element)
    {
        while (value > 0 && circuit.Steps[value - 1] is LinearStep linear && linear.Bias[element] == 0 && CopyOf(linear, element) is { } copied && encoding.Delta(copied.Value) == encoding.Delta(value))
        {
            (value, element) = copied;
        }

        return (value, element);
    }

    /// <summary>The one element that a row copies; null where it does more.</summary>
    private static (int Value, int Element)? CopyOf(LinearStep step, int row)
    {
        (int Value, int Element)? copied = null;
        foreach (LinearTerm term in step.Terms)
        {
            for (int e = term.Matrix.RowStart[row]; e < term.Matrix.RowStart[row + 1]; e++)
            {
                if (copied is not null || term.Matrix.Weight[e] != 1)
                {
                    return null;
                }

                copied = (term.Source, term.Matrix.Column[e]);
            }
        }

        return copied;
    }
}
