using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>Makes the circuit's input: the integers that a client encrypts.</summary>
internal static class InputQuantizer
{
    /// <summary>Sets value 0 and yields its integers.</summary>
    /// <param name="node">The quantizer's node.</param>
    /// <param name="context">The import.</param>
    /// <param name="input">The floats that reach it.</param>
    /// <param name="quantizer">The quantizer, with the first element's scale and zero-point.</param>
    /// <param name="scales">The scale of each element, or one; others than the first become part of the pre-scaling.</param>
    /// <param name="zeros">The zero-point of each element, or one; likewise.</param>
    public static EncryptedValue Set(GraphNode node, ImportContext context, InputValue input, UniformQuantizer quantizer, float[] scales, float[] zeros)
    {
        CircuitBuilder circuit = context.Circuit;
        InputScaling scaling = circuit.InputScaling ??= new InputScaling(quantizer, Sizes.Product(context.InputShape));
        if (scaling.Quantizer.QMin != quantizer.QMin || scaling.Quantizer.QMax != quantizer.QMax)
        {
            throw new UnsupportedModelException($"Node {node.Label} quantizes a part of the input to [{quantizer.QMin}, {quantizer.QMax}], another to [{scaling.Quantizer.QMin}, {scaling.Quantizer.QMax}]; use one bit-width for the input.");
        }

        for (int i = 0; i < input.Index.Length; i++)
        {
            float scale = scales.Length == 1 ? quantizer.Scale : scales[i], zero = zeros.Length == 1 ? quantizer.ZeroPoint : zeros[i];
            if (!scaling.TryAdd(input.Index[i], input.Multiplier[i], input.Offset[i], scale, zero))
            {
                throw new UnsupportedModelException($"Node {node.Label} quantizes the input in another way than before; quantize it once and share the result.");
            }
        }

        int[] shape = context.InputShape.Length > 1 && context.InputShape[0] == 1 ? context.InputShape[1..] : context.InputShape;
        circuit.SetInput(scaling.ToInput(shape));
        return new EncryptedValue(input.Shape, [.. input.Index.Select(i => new ElementReference(0, i))], [.. Enumerable.Repeat(context.Functions.Integer, input.Index.Length)]);
    }
}
