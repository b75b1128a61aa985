using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>Numbers of elements, bounded: shapes come from untrusted files.</summary>
internal static class Sizes
{
    /// <summary>The number of elements of a shape.</summary>
    /// <exception cref="OverflowException">It exceeds 32 bits.</exception>
    public static int Product(ReadOnlySpan<int> shape)
    {
        int product = 1;
        foreach (int d in shape)
        {
            product = checked(product * d);
        }

        return product;
    }

    /// <summary>A shape without its batch dimension of 1; a scalar has the shape [1].</summary>
    public static int[] WithoutBatch(int[] shape) => shape switch
    {
        [] => [1],
        [1, _, ..] => shape[1..],
        _ => shape,
    };

    /// <summary>Refuses a tensor of encrypted values that no circuit holds.</summary>
    /// <exception cref="UnsupportedModelException">The shape has an empty axis or too many elements.</exception>
    public static int[] Check(string node, int[] shape)
    {
        double product = 1;
        foreach (int d in shape)
        {
            product *= d;
        }

        return shape.All(d => d > 0) && product <= CircuitInput.MaxLength
            ? shape
            : throw new UnsupportedModelException($"Node {node} yields a tensor of shape [{string.Join(", ", shape)}]; 1 to {CircuitInput.MaxLength} values are supported.");
    }
}
