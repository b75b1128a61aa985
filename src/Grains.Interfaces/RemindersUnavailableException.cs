namespace BlindGrain.Grains.Interfaces;

/// <summary>
/// The server that keeps the cluster's reminders does not answer: a job cannot be accepted, since nothing would resume it. The same call may succeed later.
/// </summary>
[GenerateSerializer, Alias("BlindGrain.RemindersUnavailableException")]
public sealed class RemindersUnavailableException : OrleansException
{
    /// <summary>Creates the exception.</summary>
    public RemindersUnavailableException()
    {
    }

    /// <inheritdoc cref="RemindersUnavailableException()"/>
    public RemindersUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="RemindersUnavailableException()"/>
    public RemindersUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
