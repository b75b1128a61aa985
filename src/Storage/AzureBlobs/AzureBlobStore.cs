using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace BlindGrain.Storage.AzureBlobs;

/// <summary>Blobs of one container of Azure Blob Storage, or of anything that speaks its protocol; conditions are ETag conditions of the service.</summary>
/// <param name="container">The container.</param>
/// <param name="exists">Whether the container is there for sure, so that nobody tries to make it: a signature for one container may not.</param>
/// <param name="service">The account, whose identity signs addresses where there is no key; null where signing takes a key.</param>
internal sealed class AzureBlobStore(BlobContainerClient container, bool exists = false, BlobServiceClient? service = null) : IBlobStore, IDirectUploads, IDisposable
{
    private static readonly StorageTransferOptions s_transfer = new() { MaximumTransferSize = 4 << 20, InitialTransferSize = 4 << 20, MaximumConcurrency = 2 };

    /// <summary>How much the service's clock may be behind.</summary>
    private static readonly TimeSpan s_clocks = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _creation = new(1);
    private volatile bool _created = exists;

    public async Task<string> WriteAsync(string name, Stream content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            // Blocks become a blob only when the last call commits them: a cancelled write leaves nothing that can be seen.
            var options = new BlobUploadOptions { Conditions = Conditions(condition), TransferOptions = s_transfer };
            Response<BlobContentInfo> response = await AskAsync(name, () => container.GetBlobClient(name).UploadAsync(content, options, cancellation), cancellation);
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
        try
        {
            Response<BlobDownloadStreamingResult> response = await AskAsync(
                name, () => container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation), cancellation);
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
        try
        {
            if (condition.MustNotExist)
            {
                if (await AskAsync(name, () => container.GetBlobClient(name).ExistsAsync(cancellation), cancellation))
                {
                    throw new BlobConflictException($"Blob {name} exists.");
                }

                return;
            }

            _ = await AskAsync(name, () => container.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, Conditions(condition), cancellation), cancellation);
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
        IAsyncEnumerator<BlobItem> items = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation).GetAsyncEnumerator(cancellation);
        await using (items.ConfigureAwait(false))
        {
            while (await AskAsync(prefix, async () => await items.MoveNextAsync(), cancellation))
            {
                yield return new BlobEntry(items.Current.Name, items.Current.Properties.ContentLength ?? 0);
            }
        }
    }

    public async Task<DirectUpload?> SignAsync(string name, TimeSpan life, CancellationToken cancellation = default)
    {
        BlobNameRules.Check(name);
        BlobClient blob = container.GetBlobClient(name);
        DateTimeOffset now = DateTimeOffset.UtcNow, expires = now + life;

        // Blocks of a large blob are written before the blob is created, which takes the second permission.
        var sas = new BlobSasBuilder(BlobSasPermissions.Create | BlobSasPermissions.Write, expires)
        {
            BlobContainerName = container.Name,
            BlobName = name,
            Resource = "b",
            StartsOn = now - s_clocks,
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        if (blob.CanGenerateSasUri)
        {
            return await AskAsync(name, () => Task.FromResult(new DirectUpload(blob.GenerateSasUri(sas), expires)), cancellation);
        }

        if (service is null)
        {
            return null;
        }

        UserDelegationKey key = await AskAsync(name, async () => (await service.GetUserDelegationKeyAsync(now - s_clocks, expires, cancellation)).Value, cancellation);
        return new DirectUpload(new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(key, service.AccountName) }.ToUri(), expires);
    }

    public void Dispose() => _creation.Dispose();

    private static BlobRequestConditions? Conditions(BlobCondition condition) =>
        condition.MustNotExist ? new BlobRequestConditions { IfNoneMatch = ETag.All }
        : condition.IfMatch is { } etag ? new BlobRequestConditions { IfMatch = new ETag(etag) }
        : null;

    private static bool IsConflict(RequestFailedException e, BlobCondition condition) =>
        e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet
        || (e.ErrorCode == BlobErrorCode.BlobNotFound && condition.IfMatch is not null);

    /// <summary>Calls the service, which makes the container where it is missing.</summary>
    /// <exception cref="BlobStoreUnavailableException">It does not answer at the moment; the client's own retries are over.</exception>
    private async Task<T> AskAsync<T>(string name, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            await EnsureContainerAsync(cancellation);
            return await ask();
        }
        catch (Exception e) when (AzureOutage.Is(e, cancellation))
        {
            throw new BlobStoreUnavailableException($"The storage service did not answer about '{name}'.", e);
        }
    }

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
