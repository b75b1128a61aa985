using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace BlindGrain.Storage.AzureBlobs;

/// <summary>Blobs of one container of Azure Blob Storage, or of anything that speaks its protocol; conditions are ETag conditions of the service.</summary>
/// <param name="container">The container.</param>
/// <param name="exists">Whether the container is there for sure, so that nobody tries to make it: a signature for one container may not.</param>
internal sealed class AzureBlobStore(BlobContainerClient container, bool exists = false) : IBlobStore, IDisposable
{
    private static readonly StorageTransferOptions s_transfer = new() { MaximumTransferSize = 4 << 20, InitialTransferSize = 4 << 20, MaximumConcurrency = 2 };
    private readonly SemaphoreSlim _creation = new(1);
    private volatile bool _created = exists;

    public async Task<string> WriteAsync(string name, Stream content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        ArgumentNullException.ThrowIfNull(content);
        await EnsureContainerAsync(cancellation);
        try
        {
            // Blocks become a blob only when the last call commits them: a cancelled write leaves nothing that can be seen.
            var options = new BlobUploadOptions { Conditions = Conditions(condition), TransferOptions = s_transfer };
            Response<BlobContentInfo> response = await container.GetBlobClient(name).UploadAsync(content, options, cancellation);
            return response.Value.ETag.ToString();
        }
        catch (RequestFailedException e) when (IsConflict(e, condition))
        {
            throw new BlobConflictException($"Blob {name} is not as the write expects it: {e.ErrorCode}.", e);
        }
    }

    public async Task<BlobContent?> OpenAsync(string name, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        await EnsureContainerAsync(cancellation);
        try
        {
            Response<BlobDownloadStreamingResult> response = await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation);
            BlobDownloadDetails details = response.Value.Details;
            return new BlobContent(response.Value.Content, details.ContentLength, details.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    public async Task DeleteAsync(string name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        await EnsureContainerAsync(cancellation);
        try
        {
            if (condition.MustNotExist)
            {
                if (await container.GetBlobClient(name).ExistsAsync(cancellation))
                {
                    throw new BlobConflictException($"Blob {name} exists.");
                }

                return;
            }

            _ = await container.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, Conditions(condition), cancellation);
        }
        catch (RequestFailedException e) when (IsConflict(e, condition))
        {
            throw new BlobConflictException($"Blob {name} is not as the deletion expects it: {e.ErrorCode}.", e);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // What is to be gone is gone.
        }
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        BlobNameRules.CheckPrefix(prefix);
        await EnsureContainerAsync(cancellation);
        await foreach (BlobItem item in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation))
        {
            yield return new BlobEntry(item.Name, item.Properties.ContentLength ?? 0);
        }
    }

    public void Dispose() => _creation.Dispose();

    private static BlobRequestConditions? Conditions(BlobCondition condition) =>
        condition.MustNotExist ? new BlobRequestConditions { IfNoneMatch = ETag.All }
        : condition.IfMatch is { } etag ? new BlobRequestConditions { IfMatch = new ETag(etag) }
        : null;

    private static bool IsConflict(RequestFailedException e, BlobCondition condition) =>
        e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet
        || (e.ErrorCode == BlobErrorCode.BlobNotFound && condition.IfMatch is not null);

    private async Task EnsureContainerAsync(CancellationToken cancellation)
    {
        if (_created)
        {
            return;
        }

        await _creation.WaitAsync(cancellation);
        try
        {
            if (!_created)
            {
                _ = await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
                _created = true;
            }
        }
        finally
        {
            _ = _creation.Release();
        }
    }
}
