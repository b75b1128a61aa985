using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Auditing;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Server;
using BlindGrain.Gateway.Uploads;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.KeySets;

/// <summary>Key sets: announce, upload in chunks, commit, delete.</summary>
internal static class KeySetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes.MapGet("/v2/keysets", List).WithName("list_key_sets").WithSummary("Lists your key sets").Requires(CredentialRole.Client);
        _ = routes.MapPut("/v2/keysets/{id}", Create).WithName("create_key_set").WithSummary("Announces a key set").WithMetadata(new RequestSizeLimitAttribute(64 << 10)).Requires(CredentialRole.Client);
        _ = routes.MapGet("/v2/keysets/{id}", Get).WithName("get_key_set").WithSummary("State of a key set and of its upload").Requires(CredentialRole.Client);
        _ = routes.MapPut("/v2/keysets/{id}/chunks", Append).WithName("upload_key_set_chunk").WithSummary("Sends the next chunk").Accepts<Stream>("application/octet-stream").WithMetadata(new NotAudited()).Requires(CredentialRole.Client);
        _ = routes.MapPost("/v2/keysets/{id}/direct", Direct).WithName("sign_key_set_upload").WithSummary("Signs an address in the storage to write the whole file at").Requires(CredentialRole.Client);
        _ = routes.MapPost("/v2/keysets/{id}/commit", Commit).WithName("commit_key_set").WithSummary("Checks a complete upload and makes it ready").Requires(CredentialRole.Client);
        _ = routes.MapDelete("/v2/keysets/{id}", Delete).WithName("delete_key_set").WithSummary("Deletes a key set").Requires(CredentialRole.Client);
    }

    private static async Task<KeySetListDocument> List(HttpContext context, IGrainFactory grains)
    {
        var page = Page.Of(context);
        (string[] ids, string? next) = page.Cut([.. (await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(context.Tenant())).List(TenantItemKind.KeySet)).Select(i => i.Id)]);
        return new KeySetListDocument(ids, next);
    }

    private static async Task<IResult> Create(
        HttpContext context, string id, KeySetAnnouncement announcement, IGrainFactory grains, ChunkUploads uploads, IOptions<GatewayOptions> options)
    {
        string tenant = context.Tenant();
        GatewayRequest.RequireId("key set", id);
        ParameterSuite parameters = ParameterCatalog.FindSuite(announcement.ParameterSet ?? "")
            ?? throw ProblemException.BadRequest(ErrorCodes.UnknownParameterSet, $"There is no parameter set '{announcement.ParameterSet}'; take the 'parameter_set' of the model's metadata.");
        long expected = EvaluationKey.FileSize(parameters);
        if (announcement.Bytes != expected)
        {
            throw ProblemException.BadRequest(ErrorCodes.LengthMismatch, $"Keys for {parameters.Id} have {expected} bytes, not {announcement.Bytes}.");
        }

        if (expected > options.Value.MaxKeySetBytes)
        {
            throw ProblemException.TooLarge($"Keys for {parameters.Id} have {expected} bytes; this server takes at most {options.Value.MaxKeySetBytes}.");
        }

        string sha256 = ChunkUploads.RequireSha256(announcement.Sha256);
        var info = new KeySetInfo { KeySet = id, ParameterSetId = parameters.Id, Bytes = expected, Sha256 = sha256, Created = DateTimeOffset.UtcNow };
        IKeySetGrain grain = grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, id));
        bool isNew = await grain.Get() is null;
        if (!await grain.Create(info))
        {
            throw ProblemException.Conflict(ErrorCodes.KeySetExists, $"There is a key set '{id}' with other content; take another id, or delete it first.");
        }

        await grains.GetGrain<ITenantGrain>(GrainKeys.Tenant(tenant)).Add(new TenantItem(TenantItemKind.KeySet, id));
        KeySetDocument document = await Describe(tenant, await Find(tenant, id, grains), uploads, context.RequestAborted);
        return isNew ? Results.Created($"/v2/keysets/{id}", document) : Results.Ok(document);
    }

    private static async Task<KeySetDocument> Get(HttpContext context, string id, IGrainFactory grains, ChunkUploads uploads) =>
        await Describe(context.Tenant(), await Find(context.Tenant(), id, grains), uploads, context.RequestAborted);

    private static async Task<KeySetDocument> Append(HttpContext context, string id, long offset, IGrainFactory grains, ChunkUploads uploads)
    {
        string tenant = context.Tenant();
        KeySetInfo info = await Find(tenant, id, grains);
        if (info.Ready)
        {
            throw Complete(id);
        }

        return ToDocument(info, await uploads.Append(KeySetCommitter.Target(tenant, info), offset, context));
    }

    private static async Task<DirectUploadDocument> Direct(HttpContext context, string id, IGrainFactory grains, IBlobStore blobs, IOptions<GatewayOptions> options)
    {
        string tenant = context.Tenant();
        KeySetInfo info = await Find(tenant, id, grains);
        if (info.Ready)
        {
            throw Complete(id);
        }

        // The file is one chunk, the first and the last: what a commit does with it is what it does with any other.
        DirectUpload upload = (options.Value.DirectUploads && blobs is IDirectUploads signer
                ? await signer.SignAsync(KeySetCommitter.Target(tenant, info).Chunk(0), options.Value.DirectUploadLife, context.RequestAborted)
                : null)
            ?? throw ProblemException.Conflict(ErrorCodes.DirectUploadUnavailable, $"This server takes key sets through itself only; send chunks to /v2/keysets/{id}/chunks.");
        context.Response.Headers.CacheControl = "no-store";
        return new DirectUploadDocument(HttpMethods.Put, upload.Address, new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob" }, upload.Expires);
    }

    private static ProblemException Complete(string id) => ProblemException.Conflict(ErrorCodes.KeySetReady, $"Key set '{id}' is complete; it takes no more chunks.");

    private static async Task<KeySetDocument> Commit(HttpContext context, string id, IGrainFactory grains, ChunkUploads uploads, KeySetCommitter committer)
    {
        string tenant = context.Tenant();
        KeySetInfo info = await Find(tenant, id, grains);
        if (!info.Ready)
        {
            await committer.Commit(tenant, info, context.RequestAborted);
        }

        return await Describe(tenant, await Find(tenant, id, grains), uploads, context.RequestAborted);
    }

    private static async Task<IResult> Delete(HttpContext context, string id, IGrainFactory grains, KeySetCommitter committer)
    {
        _ = await Find(context.Tenant(), id, grains);
        await committer.Discard(context.Tenant(), id);
        return Results.NoContent();
    }

    private static async Task<KeySetInfo> Find(string tenant, string id, IGrainFactory grains) =>
        (GrainKeys.IsId(id) ? await grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, id)).Get() : null)
        ?? throw ProblemException.NotFound(ErrorCodes.KeySetNotFound, $"There is no key set '{id}'. GET /v2/keysets lists yours.");

    private static async Task<KeySetDocument> Describe(string tenant, KeySetInfo info, ChunkUploads uploads, CancellationToken cancellation) =>
        ToDocument(info, info.Ready ? info.Bytes : await uploads.Received(KeySetCommitter.Target(tenant, info), cancellation));

    private static KeySetDocument ToDocument(KeySetInfo info, long received) =>
        new(info.KeySet, info.ParameterSetId, info.Bytes, info.Sha256, info.Ready ? "ready" : "uploading", received, info.Created);
}
