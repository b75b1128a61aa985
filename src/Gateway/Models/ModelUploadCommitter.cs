using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.Models;

/// <summary>Turns a complete upload into a version of a model, in bounded memory but for the parsed model itself, of which there is one at a time; a refusal leaves nothing behind.</summary>
internal sealed class ModelUploadCommitter(IGrainFactory grains, ChunkUploads uploads, ModelRegistrar registrar, ILogger<ModelUploadCommitter> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    public void Dispose() => _gate.Dispose();

    /// <summary>Where the chunks of a model lie.</summary>
    public static ChunkTarget Target(string tenant, string model, string version, ModelUploadInfo info) =>
        new(BlobNames.ModelChunks(tenant, model, version), info.Bytes, $"/v2/models/{model}/versions/{version}/upload");

    public async Task<RegisteredModel> Commit(string tenant, string model, string version, ModelUploadInfo info, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        RegisteredModel registered;
        try
        {
            registered = await Check(tenant, model, version, info, cancellation);
        }
        catch (Exception e) when (e is ProblemException or QuotaExceededException or IOException && !cancellation.IsCancellationRequested)
        {
            if (await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Get() is { } present && present.Sha256 == info.Sha256)
            {
                // Another commit of the same upload was first: it clears the chunks only once the model is registered.
                return new RegisteredModel(present, IsNew: false);
            }

            if (e is ProblemException)
            {
                GatewayLog.ModelRefused(logger, tenant, model, version, e.Message);
                await Grain(tenant, model, version).Delete(info.Sha256);
            }

            throw;
        }
        finally
        {
            _ = _gate.Release();
        }

        await Grain(tenant, model, version).Delete(info.Sha256);
        return registered;
    }

    private async Task<RegisteredModel> Check(string tenant, string model, string version, ModelUploadInfo info, CancellationToken cancellation)
    {
        await using ChunkStream chunks = await uploads.Open(Target(tenant, model, version, info), cancellation);
        await using TemporaryUpload upload = await TemporaryUpload.Receive(chunks, info.Bytes, cancellation);
        return upload.Sha256 == info.Sha256
            ? await registrar.Register(tenant, model, version, upload, cancellation)
            : throw ProblemException.Unprocessable(ErrorCodes.HashMismatch, $"The uploaded bytes have SHA-256 {upload.Sha256}, announced was {info.Sha256}. The upload was discarded; start again.");
    }

    private IModelUploadGrain Grain(string tenant, string model, string version) => grains.GetGrain<IModelUploadGrain>(GrainKeys.Model(tenant, model, version));
}
