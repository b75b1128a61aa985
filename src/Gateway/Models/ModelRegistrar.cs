using System.Security.Cryptography;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.Models;

/// <summary>Turns a file that was received, whole or in chunks, into a version of a model. What cannot be read is refused before anything is stored.</summary>
internal sealed class ModelRegistrar(IGrainFactory grains, IBlobStore blobs, ILogger<ModelRegistrar> logger)
{
    /// <summary>Refuses a new version that the tenant's quota has no room for, before its file is received for nothing; what counts is the registration.</summary>
    /// <exception cref="QuotaExceededException">There is no room.</exception>
    public async Task RequireRoom(string tenant, string model, string version)
    {
        if (await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Get() is null
            && await grains.GetGrain<IModelUploadGrain>(GrainKeys.Model(tenant, model, version)).Get() is null
            && (await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).GetUse()).Models is var use
            && use.Exceeds(1))
        {
            throw new QuotaExceededException(QuotaKind.Models, use, 1);
        }
    }

    /// <summary>The version as it is registered, or null; one of other content is refused.</summary>
    /// <exception cref="ProblemException">The version has other content.</exception>
    public async Task<ModelInfo?> Find(string tenant, string model, string version, string sha256)
    {
        ModelInfo? present = await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Get();
        return present is null || present.Sha256 == sha256 ? present : throw Exists(model, version);
    }

    /// <summary>Checks, stores and registers a file; the same one again changes nothing.</summary>
    /// <exception cref="ProblemException">It is no model, or the version has other content.</exception>
    /// <exception cref="QuotaExceededException">The tenant's quota of models has no room for it.</exception>
    public async Task<RegisteredModel> Register(string tenant, string model, string version, TemporaryUpload upload, CancellationToken cancellation)
    {
        // On a thread of its own: a large model takes seconds, and the thread pool answers everybody.
        ModelInfo info = await Task.Factory.StartNew(() => Inspect(upload, model, version), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Find(tenant, model, version, info.Sha256) is { } present)
        {
            // The first request may have broken off before the model was listed.
            await AddToList(tenant, model, version);
            return new RegisteredModel(present, IsNew: false);
        }

        await Store(BlobNames.Model(tenant, model, version), upload, cancellation);
        if (!await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Register(info))
        {
            throw Exists(model, version);
        }

        await AddToList(tenant, model, version);
        GatewayLog.ModelRegistered(logger, tenant, model, version, info.Bytes);
        return new RegisteredModel(info, IsNew: true);
    }

    private static ProblemException Exists(string model, string version) => ProblemException.Conflict(
        ErrorCodes.ModelVersionExists, $"Model '{model}' has a version '{version}' with other content. Versions never change: take another version, or delete this one.");

    private static ModelInfo Inspect(TemporaryUpload upload, string model, string version)
    {
        CompiledModel compiled;
        try
        {
            compiled = CompiledModel.Read(upload.Rewind());
        }
        catch (FormatException e)
        {
            throw ProblemException.Unprocessable(ErrorCodes.InvalidModel, $"{e.Message} Send a .bgc file as 'blindgrain compile' writes it.");
        }

        if (ParameterCatalog.FindSuite(compiled.Parameters.Id) is null)
        {
            throw ProblemException.Unprocessable(ErrorCodes.UnknownParameterSet, $"The model's parameters {compiled.Parameters.Id} are not in this server's catalogue, so no keys could be uploaded for it. Compile it with this version's compiler.");
        }

        return new ModelInfo
        {
            Model = model,
            Version = version,
            Sha256 = upload.Sha256,
            Bytes = upload.Length,
            ParameterSetId = compiled.Parameters.Id,
            InputShape = compiled.Circuit.Input.Shape,
            OutputShape = compiled.Circuit.Output.Shape,
            Bootstraps = compiled.Rotations,
            Mode = compiled.Mode.ToString(),
            Created = DateTimeOffset.UtcNow,
        };
    }

    private Task AddToList(string tenant, string model, string version) =>
        grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Add(new TenantItem(TenantItemKind.Model, $"{model}/{version}"));

    /// <summary>Stores the file. Never writes over another one: an upload at the same time may be about to register that.</summary>
    private async Task Store(string name, TemporaryUpload upload, CancellationToken cancellation)
    {
        try
        {
            _ = await blobs.WriteAsync(name, upload.Rewind(), BlobCondition.Absent, cancellation);
        }
        catch (BlobConflictException)
        {
            await using BlobContent? present = await blobs.OpenAsync(name, cancellation);
            if (present is null || Convert.ToHexStringLower(await SHA256.HashDataAsync(present.Stream, cancellation)) != upload.Sha256)
            {
                throw ProblemException.Conflict(ErrorCodes.ModelVersionExists, "Another upload of this version is under way, or broke off. Take another version, or delete this one and try again.");
            }
        }
    }
}

/// <summary>A version that is there now, and whether it was not before.</summary>
internal sealed record RegisteredModel(ModelInfo Info, bool IsNew);
