using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using static TorchSharp.torch;

namespace BlindGrain.Training.Networks;

/// <summary>A fully connected network: QuantIdentity, then QuantLinear and QuantReLU in turn, and a last QuantLinear that yields the logits.</summary>
internal sealed class QuantMlp : QuantSequential
{
    /// <summary>Creates the network with random weights from <paramref name="random"/>.</summary>
    /// <exception cref="ArgumentException">There is no hidden layer.</exception>
    public QuantMlp(QuantMlpOptions options, SeededRandom random)
        : this(options, i => new QuantLinear(options.Features[i], options.Features[i + 1], options.Weight, random))
    {
    }

    /// <summary>Creates the network of the linear layers that <paramref name="layer"/> makes, by their number from 0.</summary>
    /// <exception cref="ArgumentException">There is no hidden layer.</exception>
    public QuantMlp(QuantMlpOptions options, Func<int, QuantLinear> layer)
        : base([options.Features[0]], Make(options, layer))
    {
        Options = options;
        LinearLayers = [.. WeightLayers.Cast<QuantLinear>()];
        Activations = [.. Layers.Select(l => l.Layer).OfType<QuantReLU>()];
    }

    /// <summary>What the network was made with.</summary>
    public QuantMlpOptions Options { get; }

    /// <summary>The linear layers, first to last.</summary>
    public IReadOnlyList<QuantLinear> LinearLayers { get; }

    /// <summary>The activations: one fewer than linear layers.</summary>
    public IReadOnlyList<QuantReLU> Activations { get; }

    private static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Layer)> Make(QuantMlpOptions options, Func<int, QuantLinear> layer)
    {
        if (options.Features.Length < 3)
        {
            throw new ArgumentException($"A network needs inputs, at least one hidden layer and outputs, not {options.Features.Length} widths.", nameof(options));
        }

        yield return ("input", new QuantIdentity(options.Input));
        for (int i = 1; i < options.Features.Length; i++)
        {
            yield return ($"fc{i}", layer(i - 1));
            if (i < options.Features.Length - 1)
            {
                yield return ($"relu{i}", new QuantReLU(options.Activation));
            }
        }
    }
}
