using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Server;

/// <summary>What every endpoint asks of a request.</summary>
internal static class GatewayRequest
{
    /// <summary>The tenant: from the credential, never from the path.</summary>
    public static string Tenant(this HttpContext context) => Caller.Tenant(context.User)
        ?? throw new InvalidOperationException("The endpoint is not behind authentication.");

    /// <summary>Refuses an id that could not name anything.</summary>
    public static void RequireId(string what, string? id)
    {
        if (!GrainKeys.IsId(id))
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidId, $"'{id}' cannot name a {what}: take {GrainKeys.IdForm}.");
        }
    }

    /// <summary>Lets the server read at most <paramref name="bytes"/> of the body, and refuses at once a body that says it is longer.</summary>
    public static void LimitBody(this HttpContext context, long bytes)
    {
        if (context.Request.ContentLength is { } length && length > bytes)
        {
            throw ProblemException.TooLarge($"The body has {length} bytes; at most {bytes} are taken here.");
        }

        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = bytes;
        }
    }
}
