using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>Makes the circuit's input: the integers that a client encrypts.</summary>
internal static class InputQuantizer
{
    /// <summary>Sets value 0 and yields its integers.</summary>
    /// <param name="node">The quantizer's node.</param>
    /// <param name="context">The import.</param>
    /// <param name="input">The floats that reach it.</param>
    /// <param name="quantizer">The quantizer, with the first element's scale.</param>
    /// <param name="scales">The scale of each element; others than the first become part of the pre-scaling.</param>
    public static EncryptedValue Set(GraphNode node, ImportContext context, InputValue input, UniformQuantizer quantizer, float[] scales)
    {
        int length = context.InputShape.Length == 0 ? 1 : Sizes.Product(context.InputShape);
        var multiplier = new float[length];
        var offset = new float[length];
        var seen = new bool[length];
        for (int i = 0; i < input.Index.Length; i++)
        {
            int at = input.Index[i];
            float ratio = scales.Length == 1 ? 1 : quantizer.Scale / scales[i], m = input.Multiplier[i] * ratio, o = input.Offset[i] * ratio;
            if (seen[at] && (multiplier[at] != m || offset[at] != o))
            {
                throw TwoWays(node);
            }

            (multiplier[at], offset[at], seen[at]) = (m, o, true);
        }

        // Elements that the model never reads.
        for (int i = 0; i < length; i++)
        {
            multiplier[i] = seen[i] ? multiplier[i] : 1;
        }

        int[] shape = context.InputShape.Length > 1 ? context.InputShape[1..] : context.InputShape;
        var created = new CircuitInput(context.InputShape[0] > 1 ? context.InputShape : shape, quantizer, Shared.Of(multiplier), Shared.Of(offset));
        if (context.Circuit.Input is { } present)
        {
            if (present.Quantizer != quantizer || !present.Multiplier.AsSpan().SequenceEqual(created.Multiplier) || !present.Offset.AsSpan().SequenceEqual(created.Offset))
            {
                throw TwoWays(node);
            }
        }
        else
        {
            context.Circuit.SetInput(created);
        }

        return new EncryptedValue(input.Shape, [.. input.Index.Select(i => new ElementReference(0, i))], [.. Enumerable.Repeat(context.Functions.Integer, input.Index.Length)]);
    }

    private static UnsupportedModelException TwoWays(GraphNode node) => new($"Node {node.Label} quantizes the input in another way than before; quantize it once and share the result.");
}
