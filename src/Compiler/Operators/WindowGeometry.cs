using BlindGrain.Compiler.Import;

namespace BlindGrain.Compiler.Operators;

/// <summary>Where a sliding window of a convolution or pooling lies, an axis at a time.</summary>
internal sealed class WindowGeometry
{
    private readonly int[] _begin;
    private readonly int[] _stride;
    private readonly int[] _dilation;
    private readonly int[] _input;

    /// <summary>Reads a node's strides, pads and dilations.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The sizes of the spatial axes.</param>
    /// <param name="kernel">The window's sizes.</param>
    public WindowGeometry(GraphNode node, int[] input, int[] kernel)
    {
        int axes = input.Length;
        _input = input;
        Kernel = kernel;
        _stride = node.Ints("strides") ?? [.. Enumerable.Repeat(1, axes)];
        _dilation = node.Ints("dilations") ?? [.. Enumerable.Repeat(1, axes)];
        int[] pads = node.Ints("pads") ?? new int[2 * axes];
        if (kernel.Length != axes || _stride.Length != axes || _dilation.Length != axes || pads.Length != 2 * axes
            || kernel.Concat(_stride).Concat(_dilation).Any(v => v is < 1 or > 1 << 16) || pads.Any(p => p is < 0 or > 1 << 16))
        {
            throw new InvalidModelException($"Node {node.Label} has a window whose kernel, strides, dilations or pads do not fit its {axes} spatial axes.");
        }

        string auto = node.Text("auto_pad", "NOTSET");
        bool ceil = node.Int("ceil_mode", 0) != 0;
        _begin = pads[..axes];
        End = pads[axes..];
        Output = new int[axes];
        for (int a = 0; a < axes; a++)
        {
            int span = ((kernel[a] - 1) * _dilation[a]) + 1;
            if (auto is "SAME_UPPER" or "SAME_LOWER")
            {
                Output[a] = (input[a] + _stride[a] - 1) / _stride[a];
                int total = Math.Max(0, ((Output[a] - 1) * _stride[a]) + span - input[a]);
                _begin[a] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
                End[a] = total - _begin[a];
                continue;
            }

            if (auto == "VALID")
            {
                (_begin[a], End[a]) = (0, 0);
            }

            int room = input[a] + _begin[a] + End[a] - span;
            Output[a] = room < 0 ? 0 : ((room + (ceil ? _stride[a] - 1 : 0)) / _stride[a]) + 1;
            if (ceil && (Output[a] - 1) * _stride[a] >= input[a] + _begin[a])
            {
                // A window that would start in the padding behind the input is left out.
                Output[a]--;
            }
        }

        if (Output.Any(o => o < 1))
        {
            throw new InvalidModelException($"Node {node.Label} has a window of {string.Join('×', kernel)} that does not fit its input of {string.Join('×', input)}.");
        }
    }

    /// <summary>The window's sizes.</summary>
    public int[] Kernel { get; }

    /// <summary>The padding behind each axis.</summary>
    public int[] End { get; }

    /// <summary>The sizes of the result's spatial axes.</summary>
    public int[] Output { get; }

    /// <summary>The places of the input that output place <paramref name="output"/> (flat) reads: (flat index in the input's spatial axes, flat index in the kernel).</summary>
    public List<(int Input, int Kernel)> Window(int output) => Window(output, out _);

    /// <summary>The same, with the number of places that lie in the input or its padding.</summary>
    public List<(int Input, int Kernel)> Window(int output, out int padded)
    {
        int[] at = Unflatten(output, Output);
        List<(int Input, int Kernel)> places = [(0, 0)];
        padded = 1;
        for (int a = 0; a < at.Length; a++)
        {
            var next = new List<(int, int)>();
            int inPadding = 0;
            foreach ((int input, int kernel) in places)
            {
                inPadding = 0;
                for (int k = 0; k < Kernel[a]; k++)
                {
                    int place = (at[a] * _stride[a]) - _begin[a] + (k * _dilation[a]);
                    inPadding += place < _input[a] + End[a] ? 1 : 0;
                    if (place >= 0 && place < _input[a])
                    {
                        next.Add(((input * _input[a]) + place, (kernel * Kernel[a]) + k));
                    }
                }
            }

            padded *= inPadding;
            places = next;
        }

        return places;
    }

    /// <summary>Along one axis: the places that output place <paramref name="output"/> reads.</summary>
    public int[] Along(int axis, int output) =>
        [.. Enumerable.Range(0, Kernel[axis]).Select(k => (output * _stride[axis]) - _begin[axis] + (k * _dilation[axis])).Where(p => p >= 0 && p < _input[axis])];

    /// <summary>The coordinates of a flat, row-major index.</summary>
    public static int[] Unflatten(int flat, int[] shape)
    {
        var at = new int[shape.Length];
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            at[a] = flat % shape[a];
            flat /= shape[a];
        }

        return at;
    }
}
