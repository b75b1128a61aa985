namespace BlindGrain.Clustering.Backends;

/// <summary>A server that keeps membership and reminders.</summary>
internal interface IBackendServer
{
    /// <summary>What and where it is, without secrets.</summary>
    string Description { get; }

    /// <summary>Connects once and finds out whether the server can be used.</summary>
    /// <param name="mayMigrate">Whether what is missing in it may be made.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ClusterUnavailableException">It cannot be used; the message says what to check.</exception>
    Task CheckAsync(bool mayMigrate, CancellationToken cancellation);
}
