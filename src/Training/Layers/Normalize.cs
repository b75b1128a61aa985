using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>(x − mean) · factor, feature by feature, before the input's quantizer: the client computes it, so that nothing of it is encrypted arithmetic.</summary>
internal sealed class Normalize : nn.Module<Tensor, Tensor>
{
    private readonly Tensor _mean;
    private readonly Tensor _factor;

    /// <summary>Creates the layer.</summary>
    /// <param name="mean">What is subtracted, one number a feature.</param>
    /// <param name="factor">What is multiplied with.</param>
    public Normalize(float[] mean, float[] factor)
        : base(nameof(Normalize))
    {
        if (mean.Length != factor.Length)
        {
            throw new ArgumentException($"As many means as factors are needed, not {mean.Length} and {factor.Length}.", nameof(factor));
        }

        Mean = mean;
        Factor = factor;
        _mean = tensor(mean);
        _factor = tensor(factor);
        RegisterComponents();
    }

    /// <summary>What is subtracted.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>What is multiplied with.</summary>
    public IReadOnlyList<float> Factor { get; }

    /// <summary>The layer that gives each feature of <paramref name="samples"/> mean 0 and standard deviation 1.</summary>
    /// <param name="samples">Samples of equal length.</param>
    public static Normalize Of(IReadOnlyList<float[]> samples)
    {
        int features = samples[0].Length;
        var mean = new float[features];
        var factor = new float[features];
        for (int f = 0; f < features; f++)
        {
            double average = samples.Average(s => (double)s[f]), variance = samples.Average(s => Math.Pow(s[f] - average, 2));
            mean[f] = (float)average;
            factor[f] = (float)(1 / Math.Sqrt(Math.Max(variance, 1e-12)));
        }

        return new Normalize(mean, factor);
    }

    /// <summary>[batch, features] to the same.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return ((input - _mean) * _factor).MoveToOuterDisposeScope();
    }
}
