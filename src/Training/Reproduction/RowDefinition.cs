using BlindGrain.Engine.Execution;

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

/// <summary>Published figures of the reference; null where there is none.</summary>
/// <param name="Trained">Accuracy of the float network, or after quantization-aware training, 0 to 1.</param>
/// <param name="Quantized">Accuracy after quantization or import, 0 to 1.</param>
/// <param name="Bits">The accumulator's size.</param>
/// <param name="Seconds">Of one encrypted inference.</param>
internal sealed record Theirs(double? Trained, double? Quantized, double? Bits, double? Seconds);

/// <summary>An encrypted run.</summary>
/// <param name="Mode">Exact or approximate.</param>
/// <param name="Samples">The first of the test samples.</param>
/// <param name="OverRest">Through REST, a gateway and a silo in this process; else the engine alone.</param>
/// <param name="MaxSeconds">What an inference may take to meet the goal; null for none.</param>
internal sealed record EncryptedPlan(ExecutionMode Mode, int Samples, bool OverRest, double? MaxSeconds);

/// <summary>Something that a figure must reach.</summary>
/// <param name="Text">What is asked.</param>
/// <param name="Figure">The figure.</param>
/// <param name="AtLeast">The least that meets the goal, or, where <paramref name="AtMost"/> is set, the most.</param>
/// <param name="AtMost">Whether less is better.</param>
internal sealed record Goal(string Text, Func<RowFigures, double> Figure, double AtLeast, bool AtMost = false);
