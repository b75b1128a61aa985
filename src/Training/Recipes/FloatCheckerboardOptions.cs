namespace BlindGrain.Training.Recipes;

/// <summary>The choices of a float network of the checkerboard; the defaults make the committed sample.</summary>
internal sealed record FloatCheckerboardOptions
{
    /// <summary>The neurons of either hidden layer.</summary>
    public int Hidden { get; init; } = 30;

    /// <summary>Non-zero weights a neuron, on average over a layer; null prunes nothing.</summary>
    public int? NonZero { get; init; }

    /// <summary>Passes over the training points.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>The seed of data, weights and order.</summary>
    public ulong Seed { get; init; } = 1;
}
