namespace BlindGrain.Grains.Workers;

/// <summary>A slice that no worker could compute: its code is one of <see cref="Interfaces.JobErrors"/>.</summary>
internal sealed class SliceRefusedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
