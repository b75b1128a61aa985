using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Models;

/// <summary>Models in chunks: announce, upload, commit, give up. What a commit makes is what the upload in one request makes.</summary>
internal static class ModelUploadEndpoints
{
    private const string Route = "/v2/models/{model}/versions/{version}/upload";

    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapPut(Route, Create).WithName("create_model_upload").WithSummary("Announces a model that is sent in chunks").WithMetadata(new RequestSizeLimitAttribute(64 << 10)).Requires(CredentialRole.ModelOwner);
        _ = routes.MapGet(Route, Get).WithName("get_model_upload").WithSummary("State of a model's upload").Requires(CredentialRole.ModelOwner);
        _ = routes.MapPut($"{Route}/chunks", Append).WithName("upload_model_chunk").WithSummary("Sends the next chunk").Accepts<Stream>("application/octet-stream").WithMetadata(new NotAudited()).Requires(CredentialRole.ModelOwner);
        _ = routes.MapPost($"{Route}/commit", Commit).WithName("commit_model_upload").WithSummary("Checks a complete upload and makes it a version").Requires(CredentialRole.ModelOwner);
        _ = routes.MapDelete(Route, Delete).WithName("delete_model_upload").WithSummary("Gives up an upload").Requires(CredentialRole.ModelOwner);
    }

    private static async Task<IResult> Create(
        HttpContext context, string model, string version, ModelUploadAnnouncement announcement, IGrainFactory grains, ModelRegistrar registrar, ChunkUploads uploads, IOptions<GatewayOptions> options)
    {
        string tenant = context.Tenant();
        GatewayRequest.RequireId("model", model);
        GatewayRequest.RequireId("version", version);
        string sha256 = ChunkUploads.RequireSha256(announcement.Sha256);
        if (announcement.Bytes < 1)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"'bytes' is {announcement.Bytes}; announce the length of the .bgc file.");
        }

        if (announcement.Bytes > options.Value.MaxModelBytes)
        {
            throw ProblemException.TooLarge($"The model has {announcement.Bytes} bytes; this server takes at most {options.Value.MaxModelBytes}.");
        }

        if (await registrar.Find(tenant, model, version, sha256) is { } present)
        {
            return Results.Ok(ModelUploadDocument.From(present));
        }

        IModelUploadGrain grain = Grain(grains, tenant, model, version);
        var info = new ModelUploadInfo { Bytes = announcement.Bytes, Sha256 = sha256, Created = DateTimeOffset.UtcNow };
        bool isNew = await grain.Get() is null;
        if (!await grain.Create(info))
        {
            throw ProblemException.Conflict(
                ErrorCodes.ModelUploadExists, $"Another file is being uploaded as version '{version}' of model '{model}', or was and broke off. DELETE {context.Request.Path} gives that upload up; or take another version.");
        }

        ModelUploadInfo stored = await grain.Get() ?? info;
        long received = await uploads.Received(ModelUploadCommitter.Target(tenant, model, version, stored), context.RequestAborted);
        var document = ModelUploadDocument.From(model, version, stored, received);
        return isNew ? Results.Created(context.Request.Path, document) : Results.Ok(document);
    }

    private static async Task<ModelUploadDocument> Get(HttpContext context, string model, string version, IGrainFactory grains, ChunkUploads uploads)
    {
        ModelUploadInfo info = await Find(context.Tenant(), model, version, grains);
        return ModelUploadDocument.From(model, version, info, await uploads.Received(ModelUploadCommitter.Target(context.Tenant(), model, version, info), context.RequestAborted));
    }

    private static async Task<ModelUploadDocument> Append(HttpContext context, string model, string version, long offset, IGrainFactory grains, ChunkUploads uploads)
    {
        ModelUploadInfo info = await Find(context.Tenant(), model, version, grains);
        return ModelUploadDocument.From(model, version, info, await uploads.Append(ModelUploadCommitter.Target(context.Tenant(), model, version, info), offset, context));
    }

    private static async Task<IResult> Commit(HttpContext context, string model, string version, IGrainFactory grains, ModelUploadCommitter committer)
    {
        string tenant = context.Tenant();
        if (GrainKeys.IsId(model) && GrainKeys.IsId(version)
            && await Grain(grains, tenant, model, version).Get() is null
            && await grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, model, version)).Get() is { } present)
        {
            // Committed before; the answer was lost.
            return ModelEndpoints.Answer(new RegisteredModel(present, IsNew: false));
        }

        ModelUploadInfo info = await Find(tenant, model, version, grains);
        return ModelEndpoints.Answer(await committer.Commit(tenant, model, version, info, context.RequestAborted));
    }

    private static async Task<IResult> Delete(HttpContext context, string model, string version, IGrainFactory grains)
    {
        ModelUploadInfo info = await Find(context.Tenant(), model, version, grains);
        await Grain(grains, context.Tenant(), model, version).Delete(info.Sha256);
        return Results.NoContent();
    }

    private static IModelUploadGrain Grain(IGrainFactory grains, string tenant, string model, string version) => grains.GetGrain<IModelUploadGrain>(GrainKeys.Model(tenant, model, version));

    private static async Task<ModelUploadInfo> Find(string tenant, string model, string version, IGrainFactory grains) =>
        (GrainKeys.IsId(model) && GrainKeys.IsId(version) ? await Grain(grains, tenant, model, version).Get() : null)
        ?? throw ProblemException.NotFound(ErrorCodes.ModelUploadNotFound, $"No upload of version '{version}' of model '{model}' is under way; announce it first.");
}
