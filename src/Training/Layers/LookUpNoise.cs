using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>
/// What an approximate bootstrap does to the number that it looks up, while training: Gaussian noise with a standard deviation of a share of the range that the
/// layer's values take, so that the network learns to bear it. Stands right behind a layer of weights; outside training it changes nothing.
/// </summary>
internal sealed class LookUpNoise : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the layer.</summary>
    /// <param name="sigma">The standard deviation as a share of the range of the batch's values, 0 to 0.5.</param>
    public LookUpNoise(double sigma)
        : base(nameof(LookUpNoise))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sigma, 0.5);
        Sigma = sigma;
    }

    /// <summary>The standard deviation as a share of the range.</summary>
    public double Sigma { get; }

    /// <summary>Whether noise is added while training: with the quantizers on only.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Values of any shape, with noise.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training || !Enabled || Sigma == 0)
        {
            return input.alias();
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor values = input.detach();
        Tensor range = values.max() - values.min();
        return (input + (randn_like(values) * range * Sigma)).MoveToOuterDisposeScope();
    }
}
