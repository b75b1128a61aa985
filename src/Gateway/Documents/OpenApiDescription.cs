using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BlindGrain.Gateway.Documents;

/// <summary>Says in the OpenAPI document what routes themselves do not: how to authenticate, which role each operation asks for, and that every error is a problem document.</summary>
internal static class OpenApiDescription
{
    public const string DocumentName = "v1";
    private const string Scheme = "bearer";
    private const string Problem = "Problem";

    public static IServiceCollection AddOpenApiDescription(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        _ = options.AddDocumentTransformer((document, _, _) => Describe(document));
        _ = options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
    });

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "BlindGrain",
            Version = DocumentName,
            Description = "Neural networks on encrypted data: Open Inference Protocol v2 where it fits, with key sets, jobs, tenants and credentials.",
        };

        // Wherever it was fetched from is where it is served.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, or a token of the configured issuer. An API key may also be sent as X-API-Key.",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. Texts may change, codes do not.",
            Required = new HashSet<string> { "title", "status", "detail", "code" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What was wrong and what would be right." },
                ["instance"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }

        if (metadata.OfType<RequiredRole>().LastOrDefault() is { } required)
        {
            operation.Description = $"Role: {Roles.Name(required.Role)}.";
        }

        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(context.Description.RelativePath ?? ""), context.Document) };
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem.",
            Content = new Dictionary<string, OpenApiMediaType> { [Problems.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Problem, context.Document) } },
        };
        return Task.CompletedTask;
    }

    private static string TagOf(string path) => path.Split('/') switch
    {
        ["v2", "admin", ..] => "Administration",
        ["v2", "models", .., "infer"] => "Inference",
        ["v2", "models", ..] => "Models",
        ["v2", "keysets", ..] => "Key sets",
        ["v2", "jobs", ..] => "Jobs",
        ["v2", "quotas" or "credential"] => "Tenant",
        _ => "Server",
    };
}
