using BlindGrain.Storage;

namespace BlindGrain.Gateway.Errors;

/// <summary>Tells failures of the cluster and its storage, which pass, from failures of the gateway.</summary>
internal static class ClusterFailures
{
    /// <summary>Whether a request failed because a silo is slow, gone or moving, or because the storage does not answer.</summary>
    /// <remarks>A call that waited too long for a place on a silo comes back as cancelled, though nobody cancelled it.</remarks>
    public static bool IsTransient(Exception exception) => exception is TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException || IsOfStorage(exception);

    /// <summary>Whether the storage is what does not answer, to the gateway or to a silo.</summary>
    public static bool IsOfStorage(Exception exception) => BlobStoreUnavailableException.IsCauseOf(exception);
}
