using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.KeySets;

/// <summary>Turns a complete upload into a key set: checks length, hash and format, joins the chunks, and leaves nothing behind where a check fails.</summary>
internal sealed class KeySetCommitter(IGrainFactory grains, IBlobStore blobs, ChunkUploads uploads, ILogger<KeySetCommitter> logger)
{
    public async Task Commit(string tenant, KeySetInfo info, CancellationToken cancellation)
    {
        try
        {
            await Join(tenant, info, cancellation);
            await Validate(tenant, info, cancellation);
        }
        catch (Exception e) when (e is ProblemException or IOException && !cancellation.IsCancellationRequested)
        {
            if (await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, info.KeySet)).Get() is { Ready: true })
            {
                // Another commit of the same upload was first: it clears the chunks only once the key set is ready.
                return;
            }

            if (e is not ProblemException)
            {
                throw;
            }

            GatewayLog.KeySetRefused(logger, tenant, info.KeySet, e.Message);
            await Discard(tenant, info.KeySet);
            throw;
        }

        if (!await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, info.KeySet)).Commit(info.Sha256))
        {
            throw ProblemException.Conflict(ErrorCodes.KeySetExists, $"Key set '{info.KeySet}' was deleted or announced anew while this commit checked it; upload again.");
        }

        await uploads.Clear(Target(tenant, info));
        GatewayLog.KeySetCommitted(logger, tenant, info.KeySet, info.Bytes, info.ParameterSetId);
    }

    /// <summary>Removes a key set with all its blobs.</summary>
    public async Task Discard(string tenant, string keySet)
    {
        // The list first: a deletion that breaks off can be repeated as long as the key set itself is there.
        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Remove(new TenantItem(TenantItemKind.KeySet, keySet));
        await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, keySet)).Delete();
        await blobs.DeleteAllAsync(BlobNames.KeySetChunks(tenant, keySet));
    }

    /// <summary>Where the chunks of a key set lie.</summary>
    public static ChunkTarget Target(string tenant, KeySetInfo info) => new(BlobNames.KeySetChunks(tenant, info.KeySet), info.Bytes, $"/v2/keysets/{info.KeySet}");

    /// <summary>Joins the chunks to one blob, which nobody uses before the key set is ready.</summary>
    private async Task Join(string tenant, KeySetInfo info, CancellationToken cancellation)
    {
        await using ChunkStream content = await uploads.Open(Target(tenant, info), cancellation);
        _ = await blobs.WriteAsync(BlobNames.KeySet(tenant, info.KeySet), content, cancellation: cancellation);
        string sha256 = content.Sha256();
        if (sha256 != info.Sha256)
        {
            throw ProblemException.Unprocessable(ErrorCodes.HashMismatch, $"The uploaded bytes have SHA-256 {sha256}, announced was {info.Sha256}. The upload was discarded; start again.");
        }
    }

    private async Task Validate(string tenant, KeySetInfo info, CancellationToken cancellation)
    {
        try
        {
            // The header first: a key for other parameters has another length too, and would only be told to be cut short.
            ParameterSuite parameters = await Read(tenant, info, EvaluationKey.ReadParameters, cancellation);
            if (parameters.Id != info.ParameterSetId)
            {
                throw ProblemException.Unprocessable(ErrorCodes.ParameterMismatch, $"The uploaded keys are for parameters {parameters.Id}, announced was {info.ParameterSetId}. The upload was discarded.");
            }

            _ = await Read(tenant, info, EvaluationKey.Validate, cancellation);
        }
        catch (FormatException e)
        {
            throw ProblemException.Unprocessable(ErrorCodes.InvalidKey, $"{e.Message} The upload was discarded.");
        }
    }

    /// <summary>Reads the joined blob on a thread of its own: it may be gigabytes.</summary>
    private async Task<T> Read<T>(string tenant, KeySetInfo info, Func<Stream, T> read, CancellationToken cancellation)
    {
        await using BlobContent content = await blobs.OpenAsync(BlobNames.KeySet(tenant, info.KeySet), cancellation)
            ?? throw new IOException("The joined upload is gone.");
        return await Task.Factory.StartNew(() => read(content.Stream), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
