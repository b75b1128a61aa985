namespace BlindGrain.Grains.Jobs;

/// <summary>A job that cannot succeed however often it is tried: its code is one of <see cref="Interfaces.JobErrors"/>, its message is for its owner.</summary>
internal sealed class JobFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
