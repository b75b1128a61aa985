namespace BlindGrain.Compiler.Tests.Quantization;

/// <summary>Small float networks of random weights, as exporters write them, and data for them. What they compute is what their quantized forms are held against.</summary>
internal sealed class FloatNetworks(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Weights of a product with <paramref name="fanIn"/> inputs, scaled to keep the spread of what they multiply.</summary>
    public float[] Weights(int count, int fanIn) => [.. Enumerable.Range(0, count).Select(_ => (float)(Normal() * Math.Sqrt(2.0 / fanIn)))];

    /// <summary>Small biases.</summary>
    public float[] Biases(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.1 * Normal()))];

    /// <summary>Samples, normal with variance 1.</summary>
    public float[][] Samples(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (float)Normal()).ToArray())];

    /// <summary>A perceptron by Gemm with activations of one kind.</summary>
    public byte[] Perceptron(int[] widths, string activation)
    {
        var b = new OnnxBuilder(1, widths[0]);
        string x = "x";
        for (int l = 1; l < widths.Length; l++)
        {
            string w = b.Constant([widths[l], widths[l - 1]], Weights(widths[l] * widths[l - 1], widths[l - 1])), bias = b.Constant([widths[l]], Biases(widths[l]));
            x = b.Node("Gemm", [x, w, bias], OnnxBuilder.Int("transB", 1));
            x = l + 1 < widths.Length ? b.Node(activation, [x]) : x;
        }

        return b.Build(x);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
