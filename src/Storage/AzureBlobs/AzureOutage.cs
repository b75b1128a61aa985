using Azure;

namespace BlindGrain.Storage.AzureBlobs;

/// <summary>Tells a service that is away, which passes, from one that refuses.</summary>
internal static class AzureOutage
{
    /// <summary>
    /// Whether a call failed, after the client's own retries, because nobody answered in time (status 0, a time-out) or the service said that it
    /// is busy or broken. Failures of the content that is uploaded are not among them.
    /// </summary>
    public static bool Is(Exception failure, CancellationToken cancellation) => failure switch
    {
        RequestFailedException request => request.Status is 0 or 408 or 429 or >= 500,
        AggregateException retries => retries.InnerExceptions.Any(e => Is(e, cancellation)),
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => false,
    };
}
