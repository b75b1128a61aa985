namespace BlindGrain.Compiler.Import;

/// <summary>One float operation on every element, with an argument an element where it takes one.</summary>
/// <param name="Node">The node it comes from, for messages.</param>
/// <param name="Apply">The operation: (value, element) to value, in f32 as ONNX Runtime computes.</param>
/// <param name="Affine">Its factor and summand an element where it is affine, else null.</param>
internal sealed record ElementOperation(string Node, Func<float, int, float> Apply, Func<int, (double Factor, double Summand)>? Affine);

/// <summary>A chain of operations from an integer to a real number, element by element.</summary>
internal sealed class ElementChain(IReadOnlyList<ElementOperation> operations)
{
    private const int MaxOperations = 256;

    /// <summary>The empty chain: the integer itself.</summary>
    public static ElementChain Identity { get; } = new([]);

    public IReadOnlyList<ElementOperation> Operations { get; } = operations;

    /// <summary>This chain and one more operation.</summary>
    /// <exception cref="UnsupportedModelException">The chain is too long; a damaged or hostile file could make it take all memory.</exception>
    public ElementChain Then(ElementOperation operation) => Operations.Count < MaxOperations
        ? new([.. Operations, operation])
        : throw new UnsupportedModelException($"Node {operation.Node} is preceded by {MaxOperations} operations without a quantizer; that is the most.");

    /// <summary>The chain's value for one integer of one element.</summary>
    public float Evaluate(long integer, int element)
    {
        float x = integer;
        foreach (ElementOperation operation in Operations)
        {
            x = operation.Apply(x, element);
        }

        return x;
    }

    /// <summary>The chain as factor and summand an element.</summary>
    /// <exception cref="UnsupportedModelException">An operation is not affine; the message names its node.</exception>
    public (float[] Factor, float[] Summand) ToAffine(int length, string reason)
    {
        if (Operations.FirstOrDefault(o => o.Affine is null) is { } bent)
        {
            throw new UnsupportedModelException($"Node {bent.Node} is not affine and {reason}; put a Quant node behind it, so that a look-up can compute it.");
        }

        var factor = new float[length];
        var summand = new float[length];
        for (int i = 0; i < length; i++)
        {
            (double f, double s) = (1, 0);
            foreach (ElementOperation operation in Operations)
            {
                (double of, double os) = operation.Affine!(i);
                (f, s) = (f * of, (s * of) + os);
            }

            (factor[i], summand[i]) = ((float)f, (float)s);
        }

        return (factor, summand);
    }
}
