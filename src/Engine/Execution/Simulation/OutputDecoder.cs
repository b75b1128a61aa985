using System.Numerics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>What a client decrypts of a noisy output: the integer nearest to its phase, within the range.</summary>
internal sealed class OutputDecoder(CompiledModel model)
{
    private readonly int _value = model.Circuit.Output.Value;
    private readonly ValueRange[] _ranges = model.Circuit.Ranges[model.Circuit.Output.Value];

    /// <summary>Decodes one sample.</summary>
    public long[] Decode<T>(IntegerBlock<T> block, NoiseBlock noise, int lane)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<float> errors = noise.Value(_value);
        ulong delta = model.Encoding.Delta(_value);
        var output = new long[_ranges.Length];
        for (int i = 0; i < output.Length; i++)
        {
            ulong phase = ((ulong)block.Get(_value, i, lane) * delta) + (ulong)(long)(errors[(i * block.Lanes) + lane] * NoisyLookup.TorusWords);
            output[i] = model.Encoding.Decode(_value, phase, _ranges[i]);
        }

        return output;
    }
}
