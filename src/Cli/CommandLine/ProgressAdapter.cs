namespace BlindGrain.Cli.CommandLine;

/// <summary>Passes progress of one kind on as another, at once.</summary>
internal sealed class ProgressAdapter<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
