namespace BlindGrain.Grains.Jobs;

/// <summary>The job's silo stops, and the job stands behind a checkpoint: another silo goes on with it.</summary>
internal sealed class JobHandedOverException : Exception;
