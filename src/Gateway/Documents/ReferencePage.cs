using Scalar.AspNetCore;

namespace BlindGrain.Gateway.Documents;

/// <summary>The interactive page of the OpenAPI document, with all that it needs from this server: nothing is loaded from elsewhere, and browsers are told to refuse if something tried.</summary>
internal static class ReferencePage
{
    public const string Path = "/reference";

    /// <summary>The page's own script builds its styles and starts itself in line; connections go to this server only.</summary>
    private const string Policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes) => _ = routes
        .MapScalarApiReference(Path, options => options
            .WithTitle("BlindGrain")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .AddDocument(OpenApiDescription.DocumentName)
            .AddPreferredSecuritySchemes("bearer")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton())
        .AllowAnonymous()
        .AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
            context.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
            return await next(context);
        });
}
