namespace BlindGrain.Training.Reproduction;

/// <summary>What was asked, and what came of it.</summary>
/// <param name="Text">What was asked.</param>
/// <param name="Ours">The figure.</param>
/// <param name="Asked">What it had to reach.</param>
/// <param name="Met">Whether it did.</param>
internal sealed record GoalResult(string Text, double Ours, double Asked, bool Met);
