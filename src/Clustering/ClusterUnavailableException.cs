namespace BlindGrain.Clustering;

/// <summary>The server that keeps membership and reminders cannot be used; the message says what to check and holds no secret.</summary>
public sealed class ClusterUnavailableException : Exception
{
    /// <summary>Says which server cannot be used, and why.</summary>
    public ClusterUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Says which server cannot be used, and why.</summary>
    public ClusterUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says nothing more than that.</summary>
    public ClusterUnavailableException()
    {
    }
}
