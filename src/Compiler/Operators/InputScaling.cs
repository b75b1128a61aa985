using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Compiler.Operators;

/// <summary>
/// How each element of the input becomes an integer, while the graph is walked: parts may be quantized by different nodes. One quantizer serves all;
/// other scales and zero-points become part of the pre-scaling.
/// </summary>
internal sealed class InputScaling(UniformQuantizer quantizer, int length)
{
    private readonly float[] _multiplier = [.. Enumerable.Repeat(1f, length)];
    private readonly float[] _offset = new float[length];
    private readonly bool[] _known = new bool[length];

    /// <summary>The quantizer of the pre-scaled floats.</summary>
    public UniformQuantizer Quantizer { get; } = quantizer;

    /// <summary>Lays down that an element becomes round((x · multiplier + offset) / scale + zero).</summary>
    /// <returns>Whether that is how it became one before, if it did.</returns>
    public bool TryAdd(int element, float multiplier, float offset, float scale, float zero)
    {
        float ratio = scale == Quantizer.Scale ? 1 : Quantizer.Scale / scale;
        (float m, float o) = (multiplier * ratio, (offset * ratio) + ((zero - Quantizer.ZeroPoint) * Quantizer.Scale));
        if (_known[element])
        {
            return _multiplier[element] == m && _offset[element] == o;
        }

        (_multiplier[element], _offset[element], _known[element]) = (m, o, true);
        return true;
    }

    /// <summary>The circuit's input; elements that the model never reads are quantized as they are.</summary>
    public CircuitInput ToInput(int[] shape) => new(shape, Quantizer, Shared.Of([.. _multiplier]), Shared.Of([.. _offset]));
}
