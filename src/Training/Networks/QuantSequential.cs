using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Networks;

/// <summary>
/// Layers one after the other (torch.nn.Sequential): what is trained, pruned and exported. Beside this project's layers it may hold ReLU, Flatten and
/// BatchNorm of torch. It owns its layers.
/// </summary>
internal class QuantSequential : nn.Module<Tensor, Tensor>
{
    private const int BatchOfEvaluation = 1000;

    /// <summary>Creates the network of named layers, in their order.</summary>
    /// <param name="inputShape">The shape of one sample.</param>
    /// <param name="layers">Names, unique and without dots, and layers.</param>
    public QuantSequential(int[] inputShape, IEnumerable<(string Name, nn.Module<Tensor, Tensor> Layer)> layers)
        : base(nameof(QuantSequential))
    {
        InputShape = inputShape;
        Layers = [.. layers];
        foreach ((string name, nn.Module<Tensor, Tensor> layer) in Layers)
        {
            register_module(name, layer);
        }

        WeightLayers = [.. Layers.Select(l => l.Layer).OfType<WeightLayer>()];
    }

    /// <summary>The shape of one sample.</summary>
    public int[] InputShape { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Layer)> Layers { get; }

    /// <summary>The layers with weights, first to last.</summary>
    public IReadOnlyList<WeightLayer> WeightLayers { get; }

    /// <summary>Turns every quantizer of the network, and the noise of look-ups, on or off.</summary>
    public void EnableQuantization(bool enabled)
    {
        foreach ((_, nn.Module<Tensor, Tensor> layer) in Layers)
        {
            switch (layer)
            {
                case WeightLayer weights:
                    weights.QuantizationEnabled = enabled;
                    break;
                case QuantActivation activation:
                    activation.QuantizationEnabled = enabled;
                    break;
                case LookUpNoise noise:
                    noise.Enabled = enabled;
                    break;
            }
        }
    }

    /// <summary>Lets learned steps start from the weights as they are, and from the next batch's activations.</summary>
    public void InitializeSteps()
    {
        foreach ((_, nn.Module<Tensor, Tensor> layer) in Layers)
        {
            (layer as WeightLayer)?.InitializeStep();
            (layer as QuantActivation)?.Observe();
        }
    }

    /// <summary>For each layer with weights, the most that an input of it can be, as an integer of the quantizer before it; null where there is none.</summary>
    public int?[] InputLevels()
    {
        var levels = new List<int?>();
        int? last = null;
        foreach ((_, nn.Module<Tensor, Tensor> layer) in Layers)
        {
            switch (layer)
            {
                case QuantReLU relu:
                    last = relu.ActivationQuantizer.QMax;
                    break;
                case QuantIdentity identity:
                    last = identity.ActivationQuantizer.QMax - identity.ActivationQuantizer.QMin;
                    break;
                case WeightLayer:
                    levels.Add(last);
                    last = null;
                    break;
            }
        }

        return [.. levels];
    }

    /// <summary>[batch, shape…] to logits [batch, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input.alias();
        foreach ((_, nn.Module<Tensor, Tensor> layer) in Layers)
        {
            x = layer.call(x);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>The logits of each sample as inference gives them.</summary>
    public float[][] Logits(Dataset data)
    {
        bool wasTraining = training;
        eval();
        try
        {
            using (no_grad())
            using (DisposeScope scope = NewDisposeScope())
            {
                Tensor inputs = data.ToTensor();
                var rows = new List<float[]>(data.Count);
                for (long start = 0; start < data.Count; start += BatchOfEvaluation)
                {
                    using DisposeScope batch = NewDisposeScope();
                    Tensor logits = call(inputs.narrow(0, start, Math.Min(BatchOfEvaluation, data.Count - start)));
                    rows.AddRange(logits.data<float>().ToArray().Chunk((int)logits.shape[1]));
                }

                return [.. rows];
            }
        }
        finally
        {
            train(wasTraining);
        }
    }

    /// <summary>The class of greatest logit of each sample, the first of equals.</summary>
    public long[] Classify(Dataset data) => Array.ConvertAll(Logits(data), row => (long)Array.IndexOf(row, row.Max()));

    /// <summary>The share of <paramref name="data"/> whose class is found, 0 to 1.</summary>
    public double Accuracy(Dataset data)
    {
        long[] classes = Classify(data);
        return (double)classes.Zip(data.Labels).Count(p => p.First == p.Second) / data.Count;
    }
}
