namespace BlindGrain.Training.Reproduction;

/// <summary>Something that a figure must reach.</summary>
/// <param name="Text">What is asked.</param>
/// <param name="Figure">The figure.</param>
/// <param name="AtLeast">The least that meets the goal, or, where <paramref name="AtMost"/> is set, the most.</param>
/// <param name="AtMost">Whether less is better.</param>
internal sealed record Goal(string Text, Func<RowFigures, double> Figure, double AtLeast, bool AtMost = false);
