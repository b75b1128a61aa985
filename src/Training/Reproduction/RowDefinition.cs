namespace BlindGrain.Training.Reproduction;

/// <summary>A row of the report: what is trained, what the reference published, what is asked of it.</summary>
/// <param name="Group">What <c>--only</c> knows it by: checkerboard, iris, digits or mnist.</param>
/// <param name="Name">Its title.</param>
/// <param name="Theirs">The published figures.</param>
/// <param name="Train">Trains and compiles the network of one seed.</param>
internal sealed record RowDefinition(string Group, string Name, Theirs Theirs, Func<ulong, CancellationToken, TrainedModel> Train)
{
    /// <summary>The seeds.</summary>
    public required ulong[] Seeds { get; init; }

    /// <summary>What is asked of the figures.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>What is run encrypted, with the network of the first seed.</summary>
    public IReadOnlyList<EncryptedPlan> Encrypted { get; init; } = [];
}
