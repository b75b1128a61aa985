using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Quantization;

/// <summary>How a dense layer or a convolution of two spatial axes reads its input: as many sums of <see cref="FanIn"/> products a channel as there are positions.</summary>
internal sealed class LinearGeometry
{
    private readonly GraphNode _node;
    private readonly int[] _weights;
    private readonly bool _transposed;

    private LinearGeometry(GraphNode node, int[] weights, bool transposed)
    {
        _node = node;
        _weights = weights;
        _transposed = transposed;
    }

    /// <summary>The number of output channels.</summary>
    public int Channels => IsConvolution || _transposed ? _weights[0] : _weights[1];

    /// <summary>Weights of one output channel.</summary>
    public int FanIn => IsConvolution ? _weights[1] * _weights[2] * _weights[3] : _transposed ? _weights[1] : _weights[0];

    private bool IsConvolution => _node.OpType == "Conv";

    /// <summary>The geometry of a node that has one; else null: grouped convolutions, for one, whose channels read different inputs.</summary>
    public static LinearGeometry? Of(GraphNode node, Tensor weights) => node.OpType switch
    {
        "Conv" when weights.Shape.Length == 4 && node.Int("group", 1) == 1 && node.Text("auto_pad", "NOTSET") == "NOTSET" => new LinearGeometry(node, weights.Shape, false),
        "Gemm" when weights.Shape.Length == 2 && node.Int("transA", 0) == 0 && node.Float("alpha", 1) == 1 => new LinearGeometry(node, weights.Shape, node.Int("transB", 0) != 0),
        "MatMul" when weights.Shape.Length == 2 => new LinearGeometry(node, weights.Shape, false),
        _ => null,
    };

    /// <summary>Where weight <paramref name="k"/> of a channel lies in the weights' tensor.</summary>
    public int WeightAt(int channel, int k) => IsConvolution || _transposed ? (channel * FanIn) + k : (k * Channels) + channel;

    /// <summary>Whether shapes of one sample are as this reads them.</summary>
    public bool Fits(int[] input, int[] output) => IsConvolution
        ? input.Length == 4 && input[0] == 1 && input[1] == _weights[1] && output.Length == 4 && output[1] == Channels
        : input.Length > 0 && input[^1] == FanIn && output.Length > 0 && output[^1] == Channels;

    /// <summary>The sums of each channel.</summary>
    public int Positions(int[] output) => Sizes.Product(output) / Channels;

    /// <summary>The inputs of the sum at <paramref name="position"/>, in order of the weights.</summary>
    public void Read(float[] input, int[] inputShape, int[] outputShape, int position, Span<double> row)
    {
        if (!IsConvolution)
        {
            for (int k = 0; k < row.Length; k++)
            {
                row[k] = input[(position * FanIn) + k];
            }

            return;
        }

        int[] strides = _node.Ints("strides") ?? [1, 1], pads = _node.Ints("pads") ?? [0, 0, 0, 0], dilations = _node.Ints("dilations") ?? [1, 1];
        int height = inputShape[2], width = inputShape[3], top = (position / outputShape[3] * strides[0]) - pads[0], left = (position % outputShape[3] * strides[1]) - pads[1], next = 0;
        for (int c = 0; c < _weights[1]; c++)
        {
            for (int y = 0; y < _weights[2]; y++)
            {
                for (int x = 0; x < _weights[3]; x++)
                {
                    int v = top + (y * dilations[0]), u = left + (x * dilations[1]);
                    row[next++] = v >= 0 && v < height && u >= 0 && u < width ? input[(((c * height) + v) * width) + u] : 0;
                }
            }
        }
    }

    /// <summary>Where the sum of a channel lies in the output.</summary>
    public int OutputAt(int[] outputShape, int channel, int position) => IsConvolution ? (channel * outputShape[2] * outputShape[3]) + position : (position * Channels) + channel;
}
