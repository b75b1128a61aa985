namespace BlindGrain.Storage;

/// <summary>
/// The backend does not answer, or says that it cannot at the moment: the same call may succeed later. What became of a write or a deletion
/// is unknown.
/// </summary>
public sealed class BlobStoreUnavailableException : IOException
{
    /// <summary>Creates the exception.</summary>
    public BlobStoreUnavailableException()
    {
    }

    /// <inheritdoc cref="BlobStoreUnavailableException()"/>
    public BlobStoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="BlobStoreUnavailableException()"/>
    public BlobStoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether a failure goes back to a backend that does not answer, whatever has wrapped it since: grain storage and grain calls do.</summary>
    public static bool IsCauseOf(Exception? failure)
    {
        while (failure is not null and not BlobStoreUnavailableException)
        {
            failure = failure.InnerException;
        }

        return failure is not null;
    }
}
