using BlindGrain.Training.Learning;

namespace BlindGrain.Training.Recipes;

/// <summary>The choices of the checkerboard recipe; the defaults make the committed sample.</summary>
internal sealed record CheckerboardOptions
{
    /// <summary>Where the ONNX file goes.</summary>
    public required string Output { get; init; }

    /// <summary>Where the test points go.</summary>
    public required string Points { get; init; }

    /// <summary>The seed of the data.</summary>
    public ulong DataSeed { get; init; } = 1;

    /// <summary>The seed of the initial weights and of the order of the points.</summary>
    public ulong Seed { get; init; } = 18;

    /// <summary>The neurons of each hidden layer.</summary>
    public int[] Hidden { get; init; } = [10, 8];

    /// <summary>The step between two weights; with three narrow bits a weight is within ±3 steps.</summary>
    public float WeightScale { get; init; } = 0.5f;

    /// <summary>How the network learns.</summary>
    public TrainingOptions Training { get; init; } = new();
}
