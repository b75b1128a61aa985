using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// What the tensors of a model hold on the calibration data. Asked for in order of the graph, each costs only the nodes since those asked for before,
/// whose values are kept within a bound of memory.
/// </summary>
internal sealed class Activations(ModelProto model, ModelInput input, IReadOnlyList<float[]> samples)
{
    /// <summary>The most floats of one tensor (256 MiB), and of all that are kept.</summary>
    private const long MaxOfTensor = 1L << 26, MaxKept = 1L << 27;

    private static readonly Dictionary<string, int[]> s_nothing = [];

    private readonly Dictionary<string, (float[][] Values, int[] Shape)> _kept = new(StringComparer.Ordinal) { [input.Name] = ([.. samples], input.Shape) };
    private readonly Queue<string> _oldest = new();
    private long _size;

    /// <summary>The values of a tensor, one array a sample, and its shape: of all samples, or of the first ones where all were too many to hold.</summary>
    /// <exception cref="InvalidModelException">ONNX Runtime refuses the model, or the tensor is not of floats.</exception>
    public (float[][] Values, int[] Shape) Of(string tensor)
    {
        if (_kept.TryGetValue(tensor, out (float[][] Values, int[] Shape) known))
        {
            return known;
        }

        using var part = new PartialModel(model, [tensor], _kept.ToDictionary(k => k.Key, k => k.Value.Shape, StringComparer.Ordinal));
        int count = part.Reads.Select(r => _kept[r].Values.Length).DefaultIfEmpty(1).Min();
        var values = new List<float[]>(count);
        int[] shape = [];
        for (int s = 0; s < count; s++)
        {
            int sample = s;
            (float[] result, shape) = part.Run(part.Reads.ToDictionary(r => r, r => (_kept[r].Values[sample], _kept[r].Shape), StringComparer.Ordinal))[0];
            values.Add(result);
            if (s == 0)
            {
                count = (int)Math.Min(count, Math.Max(1, MaxOfTensor / Math.Max(1, result.Length)));
            }
        }

        Keep(tensor, [.. values], shape);
        return _kept[tensor];
    }

    /// <summary>The value of a tensor that does not depend on the input.</summary>
    /// <exception cref="InvalidModelException">ONNX Runtime refuses the model, or the tensor is not of floats.</exception>
    public (float[] Values, int[] Shape) Constant(string tensor)
    {
        using var part = new PartialModel(model, [tensor], s_nothing);
        return part.Run(new Dictionary<string, (float[], int[])>())[0];
    }

    private void Keep(string tensor, float[][] values, int[] shape)
    {
        _kept.Add(tensor, (values, shape));
        _oldest.Enqueue(tensor);
        _size += values.Sum(v => (long)v.Length);
        while (_size > MaxKept && _oldest.Count > 1)
        {
            _ = _kept.Remove(_oldest.Dequeue(), out (float[][] Values, int[] Shape) old);
            _size -= old.Values.Sum(v => (long)v.Length);
        }
    }
}
