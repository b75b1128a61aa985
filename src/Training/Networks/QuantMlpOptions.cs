using BlindGrain.Engine.Quantization;

namespace BlindGrain.Training.Networks;

/// <summary>The shape and the quantizers of a <see cref="QuantMlp"/>.</summary>
internal sealed record QuantMlpOptions
{
    /// <summary>The widths: inputs, hidden layers, classes; at least one hidden layer.</summary>
    public required int[] Features { get; init; }

    /// <summary>The quantizer of the inputs.</summary>
    public required UniformQuantizer Input { get; init; }

    /// <summary>The quantizer of the weights of every layer.</summary>
    public required UniformQuantizer Weight { get; init; }

    /// <summary>The quantizer after every hidden layer's ReLU.</summary>
    public required UniformQuantizer Activation { get; init; }
}
