namespace BlindGrain.Grains.Workers;

/// <summary>How urgent a job's work is among its tenant's.</summary>
/// <param name="Priority">1, the most urgent, to 9.</param>
/// <param name="Deadline">When the job fails unless it has ended, UTC; null for never.</param>
internal readonly record struct JobUrgency(int Priority, DateTimeOffset? Deadline);
