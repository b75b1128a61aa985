using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Which places of the input reach a place of a transposed convolution's result.</summary>
internal sealed class TransposedGeometry
{
    private readonly int[] _begin;
    private readonly int[] _stride;
    private readonly int[] _dilation;
    private readonly int[] _input;
    private readonly int[] _kernel;

    public TransposedGeometry(GraphNode node, int[] input, int[] kernel)
    {
        int axes = input.Length;
        (_input, _kernel) = (input, kernel);
        _stride = node.Ints("strides") ?? [.. Enumerable.Repeat(1, axes)];
        _dilation = node.Ints("dilations") ?? [.. Enumerable.Repeat(1, axes)];
        int[] pads = node.Ints("pads") ?? new int[2 * axes], extra = node.Ints("output_padding") ?? new int[axes];
        int[]? sizes = node.Ints("output_shape");
        if (_stride.Length != axes || _dilation.Length != axes || pads.Length != 2 * axes || extra.Length != axes || (sizes is not null && sizes.Length != axes)
            || kernel.Concat(_stride).Concat(_dilation).Any(v => v is < 1 or > 1 << 16) || pads.Concat(extra).Any(p => p is < 0 or > 1 << 16))
        {
            throw new InvalidModelException($"Node {node.Label} has kernels, strides, dilations or pads that do not fit its {axes} spatial axes.");
        }

        string auto = node.Text("auto_pad", "NOTSET");
        _begin = pads[..axes];
        Output = new int[axes];
        for (int a = 0; a < axes; a++)
        {
            int full = (_stride[a] * (input[a] - 1)) + extra[a] + ((kernel[a] - 1) * _dilation[a]) + 1;
            bool same = auto is "SAME_UPPER" or "SAME_LOWER";
            if (same || sizes is not null)
            {
                Output[a] = sizes?[a] ?? (input[a] * _stride[a]);
                int total = Math.Max(0, full - Output[a]);
                _begin[a] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
            }
            else
            {
                _begin[a] = auto == "VALID" ? 0 : _begin[a];
                Output[a] = full - (auto == "VALID" ? 0 : pads[a] + pads[axes + a]);
            }
        }
    }

    /// <summary>The sizes of the result's spatial axes.</summary>
    public int[] Output { get; }

    /// <summary>The (input, kernel) places that reach a place of the result.</summary>
    public List<(int Input, int Kernel)> Window(int output)
    {
        int[] at = WindowGeometry.Unflatten(output, Output);
        List<(int Input, int Kernel)> places = [(0, 0)];
        for (int a = 0; a < at.Length; a++)
        {
            var next = new List<(int, int)>();
            foreach ((int input, int kernel) in places)
            {
                for (int k = 0; k < _kernel[a]; k++)
                {
                    int scaled = at[a] + _begin[a] - (k * _dilation[a]);
                    if (scaled >= 0 && scaled % _stride[a] == 0 && scaled / _stride[a] < _input[a])
                    {
                        next.Add(((input * _input[a]) + (scaled / _stride[a]), (kernel * _kernel[a]) + k));
                    }
                }
            }

            places = next;
        }

        return places;
    }
}
