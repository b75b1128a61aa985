namespace BlindGrain.Training.Reproduction;

/// <summary>A row of the report: what is trained, what the reference published, what is asked of it.</summary>
/// <param name="Group">What <c>--only</c> knows it and its like by: checkerboard, iris, digits or mnist.</param>
/// <param name="Id">What <c>--only</c> knows it alone by, and its file name.</param>
/// <param name="Name">Its title.</param>
/// <param name="Theirs">The published figures.</param>
/// <param name="Settings">What its networks are trained with, in words that change where that does.</param>
/// <param name="Train">Trains and compiles the network of one seed.</param>
internal sealed record RowDefinition(string Group, string Id, string Name, Theirs Theirs, string Settings, Func<ulong, CancellationToken, TrainedModel> Train)
{
    /// <summary>The seeds.</summary>
    public required ulong[] Seeds { get; init; }

    /// <summary>What is asked of the figures.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>What is run encrypted, with the network of the first seed.</summary>
    public IReadOnlyList<EncryptedPlan> Encrypted { get; init; } = [];

    /// <summary>Whether the decision regions of the first seed's network are also computed encrypted for its picture.</summary>
    public bool EncryptedPicture { get; init; }
}
