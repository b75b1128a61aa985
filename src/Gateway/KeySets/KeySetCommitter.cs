using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.KeySets;

/// <summary>Turns a complete upload into a key set: checks length, hash and format, joins the chunks, and leaves nothing behind where a check fails.</summary>
internal sealed class KeySetCommitter(IGrainFactory grains, IBlobStore blobs, KeySetUploads uploads, ILogger<KeySetCommitter> logger)
{
    public async Task Commit(string tenant, KeySetInfo info, CancellationToken cancellation)
    {
        IReadOnlyList<BlobEntry> chunks = await uploads.Chunks(tenant, info.KeySet, cancellation);
        long received = chunks.Sum(c => c.Length);
        if (received < info.Bytes)
        {
            // Nothing is wrong yet: the upload goes on where it stopped.
            throw ProblemException.Conflict(ErrorCodes.LengthMismatch, $"{received} of {info.Bytes} announced bytes are here; send the rest from offset {received}, or delete the key set.");
        }

        try
        {
            await Validate(info, chunks);
        }
        catch (ProblemException e)
        {
            GatewayLog.KeySetRefused(logger, tenant, info.KeySet, e.Message);
            await Discard(tenant, info.KeySet);
            throw;
        }

        await using (var content = new ChunkStream(blobs, chunks))
        {
            _ = await blobs.WriteAsync(BlobNames.KeySet(tenant, info.KeySet), content, cancellation: cancellation);
        }

        await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, info.KeySet)).Commit();
        await uploads.Clear(tenant, info.KeySet, CancellationToken.None);
        GatewayLog.KeySetCommitted(logger, tenant, info.KeySet, info.Bytes, info.ParameterSetId);
    }

    /// <summary>Removes a key set with all its blobs.</summary>
    public async Task Discard(string tenant, string keySet)
    {
        await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, keySet)).Delete();
        await uploads.Clear(tenant, keySet, CancellationToken.None);
        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Remove(new TenantItem(TenantItemKind.KeySet, keySet));
    }

    private async Task Validate(KeySetInfo info, IReadOnlyList<BlobEntry> chunks)
    {
        await using (var content = new ChunkStream(blobs, chunks))
        {
            await content.CopyToAsync(Stream.Null);
            string sha256 = content.Sha256();
            if (sha256 != info.Sha256)
            {
                throw ProblemException.Unprocessable(ErrorCodes.HashMismatch, $"The uploaded bytes have SHA-256 {sha256}, announced was {info.Sha256}. The upload was discarded; start again.");
            }
        }

        await using var again = new ChunkStream(blobs, chunks);
        ParameterSet parameters;
        try
        {
            parameters = await Task.Factory.StartNew(() => EvaluationKey.Validate(again), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (FormatException e)
        {
            throw ProblemException.Unprocessable(ErrorCodes.InvalidKey, $"{e.Message} The upload was discarded.");
        }

        if (parameters.Id != info.ParameterSetId)
        {
            throw ProblemException.Unprocessable(ErrorCodes.ParameterMismatch, $"The uploaded keys are for parameters {parameters.Id}, announced was {info.ParameterSetId}. The upload was discarded.");
        }
    }
}
