using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Gateway.Uploads;
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

    private static async Task<IResult> Upload(HttpContext context, string model, string version, ModelRegistrar registrar, IOptions<GatewayOptions> options)
    {
        string tenant = context.Tenant();
        GatewayRequest.RequireId("model", model);
        GatewayRequest.RequireId("version", version);
        context.LimitBody(options.Value.MaxModelBytes);
        await registrar.RequireRoom(tenant, model, version);
        await using TemporaryUpload upload = await TemporaryUpload.Receive(context.Request.Body, options.Value.MaxModelBytes, context.RequestAborted);
        return Answer(await registrar.Register(tenant, model, version, upload, context.RequestAborted));
    }

    /// <summary>201 with the metadata of a model that is new, 200 of one that was there.</summary>
    public static IResult Answer(RegisteredModel registered)
    {
        ModelInfo info = registered.Info;
        return registered.IsNew ? Results.Created($"/v2/models/{info.Model}/versions/{info.Version}", Describe(info, [info.Version])) : Results.Ok(Describe(info, [info.Version]));
    }

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

    private static async Task<bool> IsStored(IBlobStore blobs, string name, CancellationToken cancellation)
    {
        await using BlobContent? content = await blobs.OpenAsync(name, cancellation);
        return content is not null;
    }

    private static ModelDocument Describe(ModelInfo info, string[] versions) => new(
        info.Model,
        versions,
        Platform,
        [new TensorDocument("input", "FP32", [-1, .. info.InputShape])],
        [new TensorDocument("output", "FP32", [-1, .. info.OutputShape])],
        new ModelParametersDocument(info.Version, info.ParameterSetId, info.Mode, info.Bootstraps, info.Bytes, info.Sha256, "BYTES", info.Created));
}
