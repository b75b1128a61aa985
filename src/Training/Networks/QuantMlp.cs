using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Networks;

/// <summary>A fully connected network: QuantIdentity, then QuantLinear and QuantReLU in turn, and a last QuantLinear that yields the logits.</summary>
internal sealed class QuantMlp : nn.Module<Tensor, Tensor>
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
        : base(nameof(QuantMlp))
    {
        if (options.Features.Length < 3)
        {
            throw new ArgumentException($"A network needs inputs, at least one hidden layer and outputs, not {options.Features.Length} widths.", nameof(options));
        }

        Options = options;
        InputLayer = new QuantIdentity(options.Input);
        register_module("input", InputLayer);
        for (int i = 0; i < options.Features.Length - 1; i++)
        {
            QuantLinear linear = layer(i);
            register_module($"fc{i + 1}", linear);
            LinearLayers.Add(linear);
            if (i < options.Features.Length - 2)
            {
                var relu = new QuantReLU(options.Activation);
                register_module($"relu{i + 1}", relu);
                Activations.Add(relu);
            }
        }
    }

    /// <summary>What the network was made with.</summary>
    public QuantMlpOptions Options { get; }

    /// <summary>The quantizer of the input.</summary>
    public QuantIdentity InputLayer { get; }

    /// <summary>The linear layers, first to last.</summary>
    public List<QuantLinear> LinearLayers { get; } = [];

    /// <summary>The activations: one fewer than linear layers.</summary>
    public List<QuantReLU> Activations { get; } = [];

    /// <summary>Turns every quantizer of the network on or off.</summary>
    public void EnableQuantization(bool enabled)
    {
        InputLayer.QuantizationEnabled = enabled;
        LinearLayers.ForEach(l => l.QuantizationEnabled = enabled);
        Activations.ForEach(l => l.QuantizationEnabled = enabled);
    }

    /// <summary>[batch, inputs] to logits [batch, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = InputLayer.call(input);
        for (int i = 0; i < LinearLayers.Count; i++)
        {
            x = LinearLayers[i].call(x);
            if (i < Activations.Count)
            {
                x = Activations[i].call(x);
            }
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>The class of greatest logit of each point.</summary>
    public long[] Classify(LabelledPoints points)
    {
        bool wasTraining = training;
        eval();
        try
        {
            using (no_grad())
            using (DisposeScope scope = NewDisposeScope())
            {
                return call(tensor(points.Coordinates, points.Count, 2)).argmax(1).data<long>().ToArray();
            }
        }
        finally
        {
            train(wasTraining);
        }
    }

    /// <summary>The share of <paramref name="points"/> whose class is found, 0 to 1.</summary>
    public double Accuracy(LabelledPoints points)
    {
        long[] classes = Classify(points);
        return (double)classes.Zip(points.Labels).Count(p => p.First == p.Second) / points.Count;
    }
}
