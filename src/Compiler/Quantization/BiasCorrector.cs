using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// Adds to each channel of a quantized product what quantization took from its mean on the calibration data (Nagel et al., "Data-Free Quantization
/// Through Weight Equalization and Bias Correction", ICCV 2019, here with data). It costs nothing encrypted: the sum joins the next table.
/// </summary>
internal sealed class BiasCorrector
{
    private readonly ModelProto _model;
    private readonly Activations _activations;
    private readonly Dictionary<string, float[][]> _float = new(StringComparer.Ordinal);

    /// <summary>Runs the float model once over the samples, and keeps the means of the nodes that will be corrected.</summary>
    /// <param name="model">The model that is being quantized, still float here.</param>
    /// <param name="input">Its input.</param>
    /// <param name="samples">Calibration data.</param>
    /// <param name="activations">What the quantized model's tensors hold.</param>
    /// <param name="nodes">The nodes to be corrected.</param>
    public BiasCorrector(ModelProto model, ModelInput input, IReadOnlyList<float[]> samples, Activations activations, IReadOnlyList<GraphNode> nodes)
    {
        _model = model;
        _activations = activations;
        if (nodes.Count == 0)
        {
            return;
        }

        using var whole = new PartialModel(model, [.. nodes.Select(n => n.FirstOutput)], new Dictionary<string, int[]> { [input.Name] = input.Shape });
        foreach (GraphNode node in nodes)
        {
            _float.Add(node.FirstOutput, new float[samples.Count][]);
        }

        for (int s = 0; s < samples.Count; s++)
        {
            (float[] Values, int[] Shape)[] results = whole.Run(new Dictionary<string, (float[], int[])> { [input.Name] = (samples[s], input.Shape) });
            for (int i = 0; i < nodes.Count; i++)
            {
                _float[nodes[i].FirstOutput][s] = ChannelMeans.Of(nodes[i], results[i].Values, results[i].Shape);
            }
        }
    }

    /// <summary>Corrects a node that was just appended to the graph.</summary>
    /// <returns>The name that its own output goes by from now on.</returns>
    public string Correct(GraphNode node)
    {
        string output = node.FirstOutput, raw = $"{output}/uncorrected";
        node.Proto.Output[0] = raw;
        (float[][] values, int[] shape) = _activations.Of(raw);
        (int channels, int inner) = ChannelMeans.Layout(node, shape);
        var missing = new double[channels];
        for (int s = 0; s < values.Length; s++)
        {
            float[] means = ChannelMeans.Of(node, values[s], shape);
            for (int c = 0; c < channels; c++)
            {
                missing[c] += _float[output][s][c] - means[c];
            }
        }

        var writer = new NodeWriter(_model.Graph, $"{output}/correction");
        int[] column = inner == 1 ? [channels] : [channels, .. Enumerable.Repeat(1, shape.Length - 2)];
        writer.AddNamed("Add", output, [raw, writer.Constant(column, [.. missing.Select(m => (float)(m / values.Length))])]);
        return raw;
    }
}
