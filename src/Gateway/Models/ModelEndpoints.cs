using System.Security.Cryptography;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Models;

/// <summary>Compiled models: upload, metadata, download, deletion.</summary>
internal static class ModelEndpoints
{
    private const string Platform = "blindgrain_tfhe";

    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/v2/models", List).WithName("list_models").WithSummary("Lists your models").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/models/{model}", (HttpContext context, string model, ModelDirectory models) => Metadata(context, model, null, models)).WithName("model_metadata").WithSummary("Metadata of a model, newest version").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/models/{model}/versions/{version}", (HttpContext context, string model, string version, ModelDirectory models) => Metadata(context, model, version, models)).WithName("model_version_metadata").WithSummary("Metadata of a version").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/models/{model}/ready", (HttpContext context, string model, ModelDirectory models) => Ready(context, model, null, models)).WithName("model_ready").WithSummary("Whether a model can be used").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/models/{model}/versions/{version}/ready", (HttpContext context, string model, string version, ModelDirectory models) => Ready(context, model, version, models)).WithName("model_version_ready").WithSummary("Whether a version can be used").Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/models/{model}/versions/{version}/file", Download).WithName("download_model").WithSummary("Downloads the compiled model").Requires(CredentialRole.Client);
        _ = routes.MapPut("/v2/models/{model}/versions/{version}", Upload).WithName("upload_model").WithSummary("Uploads a compiled model").Accepts<Stream>("application/octet-stream").Requires(CredentialRole.ModelOwner);
        _ = routes.MapDelete("/v2/models/{model}/versions/{version}", Delete).WithName("delete_model").WithSummary("Deletes a version").Requires(CredentialRole.ModelOwner);
    }

    private static async Task<ModelListDocument> List(HttpContext context, ModelDirectory models)
    {
        (string[] ids, string? next) = Page.Of(context).Cut(await models.List(context.Tenant()));
        return new ModelListDocument([.. ids.Select(ModelVersionDocument.Parse)], next);
    }

    private static async Task<ModelDocument> Metadata(HttpContext context, string model, string? version, ModelDirectory models)
    {
        ModelInfo info = await models.Find(context.Tenant(), model, version);
        return Describe(info, version is null ? await models.Versions(context.Tenant(), model) : [info.Version]);
    }

    private static async Task<object> Ready(HttpContext context, string model, string? version, ModelDirectory models)
    {
        ModelInfo info = await models.Find(context.Tenant(), model, version);
        return new { name = info.Model, version = info.Version, ready = true };
    }

    private static async Task<IResult> Download(HttpContext context, string model, string version, ModelDirectory models, IBlobStore blobs)
    {
        ModelInfo info = await models.Find(context.Tenant(), model, version);
        BlobContent content = await blobs.OpenAsync(BlobNames.Model(context.Tenant(), info.Model, info.Version), context.RequestAborted)
            ?? throw ProblemException.NotFound(ErrorCodes.ModelNotFound, $"The file of model '{model}' is gone.");
        return Results.Stream(content.Stream, "application/octet-stream", entityTag: new($"\"{info.Sha256}\""), enableRangeProcessing: content.Stream.CanSeek);
    }

    private static async Task<IResult> Upload(
        HttpContext context, string model, string version, IGrainFactory grains, IBlobStore blobs, IOptions<GatewayOptions> options, ILogger<ModelDirectory> logger)
    {
        string tenant = context.Tenant();
        GatewayRequest.RequireId("model", model);
        GatewayRequest.RequireId("version", version);
        context.LimitBody(options.Value.MaxModelBytes);
        IModelGrain grain = grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version));
        if (await grain.Get() is null && (await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).GetUse()).Models is var use && use.Exceeds(1))
        {
            // Before a large body is received for nothing; what counts is the registration below.
            throw new QuotaExceededException(QuotaKind.Models, use, 1);
        }

        await using TemporaryUpload upload = await TemporaryUpload.Receive(context.Request.Body, options.Value.MaxModelBytes, context.RequestAborted);

        // On a thread of its own: a large model takes seconds, and the thread pool answers everybody.
        ModelInfo info = await Task.Factory.StartNew(() => Inspect(upload, model, version), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await grain.Get() is { } present)
        {
            if (present.Sha256 != info.Sha256)
            {
                throw Exists(model, version);
            }

            // The first request may have broken off before the model was listed.
            await AddToList(grains, tenant, model, version);
            return Results.Ok(Describe(present, [version]));
        }

        await Store(blobs, BlobNames.Model(tenant, model, version), upload, context.RequestAborted);
        if (!await grain.Register(info))
        {
            throw Exists(model, version);
        }

        await AddToList(grains, tenant, model, version);
        GatewayLog.ModelRegistered(logger, tenant, model, version, info.Bytes);
        return Results.Created($"/v2/models/{model}/versions/{version}", Describe(info, [version]));
    }

    private static Task AddToList(IGrainFactory grains, string tenant, string model, string version) =>
        grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Add(new TenantItem(TenantItemKind.Model, $"{model}/{version}"));

    private static async Task<IResult> Delete(HttpContext context, string model, string version, ModelDirectory models, IGrainFactory grains, IBlobStore blobs)
    {
        string tenant = context.Tenant();
        if (!GrainKeys.IsId(model) || !GrainKeys.IsId(version) || !await IsStored(blobs, BlobNames.Model(tenant, model, version), context.RequestAborted))
        {
            // Throws, unless a deletion broke off behind the file.
            _ = await models.Find(tenant, model, version);
        }

        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Remove(new TenantItem(TenantItemKind.Model, $"{model}/{version}"));
        await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Delete();
        return Results.NoContent();
    }

    /// <summary>Stores the file. Never writes over another one: an upload at the same time may be about to register that.</summary>
    private static async Task Store(IBlobStore blobs, string name, TemporaryUpload upload, CancellationToken cancellation)
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

    private static async Task<bool> IsStored(IBlobStore blobs, string name, CancellationToken cancellation)
    {
        await using BlobContent? content = await blobs.OpenAsync(name, cancellation);
        return content is not null;
    }

    /// <summary>Parses the file: what cannot be read is refused before anything is stored.</summary>
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

    private static ModelDocument Describe(ModelInfo info, string[] versions) => new(
        info.Model,
        versions,
        Platform,
        [new TensorDocument("input", "FP32", [-1, .. info.InputShape])],
        [new TensorDocument("output", "FP32", [-1, .. info.OutputShape])],
        new ModelParametersDocument(info.Version, info.ParameterSetId, info.Mode, info.Bootstraps, info.Bytes, info.Sha256, "BYTES", info.Created));

    private static ProblemException Exists(string model, string version) => ProblemException.Conflict(
        ErrorCodes.ModelVersionExists, $"Model '{model}' has a version '{version}' with other content. Versions never change: take another version, or delete this one.");
}
