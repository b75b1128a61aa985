using BlindGrain.Training.Learning;

namespace BlindGrain.Training.Recipes;

/// <summary>The choices of a recipe for Iris, Digits or MNIST.</summary>
internal sealed record ClassifierOptions
{
    /// <summary>The seed of weights, order, augmentation and, for Iris, of the split.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Neurons, or output channels, of each hidden layer.</summary>
    public required int[] Hidden { get; init; }

    /// <summary>Bits of the input.</summary>
    public int InputBits { get; init; } = 3;

    /// <summary>Bits of weights, narrow and signed, 2 to 8.</summary>
    public int WeightBits { get; init; } = 3;

    /// <summary>Bits of activations, unsigned.</summary>
    public int ActivationBits { get; init; } = 3;

    /// <summary>The standard deviation of noise at look-ups while training, as a share of their range; 0 for none.</summary>
    public double Noise { get; init; }

    /// <summary>The standard deviation of a look-up's index, as a share of its range, that the network is simulated at; 0 for exact look-ups only.</summary>
    public double Sigma { get; init; }

    /// <summary>How the network learns.</summary>
    public required TrainingOptions Training { get; init; }
}
