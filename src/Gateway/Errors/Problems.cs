using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace BlindGrain.Gateway.Errors;

/// <summary>Writes RFC 9457 problem documents with a stable "code".</summary>
internal static class Problems
{
    /// <summary>Where a request keeps the code of the problem that it was answered with.</summary>
    public static readonly object CodeItem = new();

    public const string ContentType = "application/problem+json";

    /// <summary>Writes a problem document.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="detail">What was wrong and what would be right.</param>
    /// <param name="more">Members beside the standard ones.</param>
    public static Task Write(HttpContext context, int status, string code, string detail, params IEnumerable<KeyValuePair<string, object?>> more)
    {
        var problem = new ProblemDetails
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Instance = context.Request.Path,
            Extensions = { ["code"] = code },
        };
        foreach ((string name, object? value) in more)
        {
            problem.Extensions[name] = value;
        }

        context.Response.StatusCode = status;
        context.Items[CodeItem] = code;
        return context.Response.WriteAsJsonAsync(problem, options: null, ContentType, context.RequestAborted);
    }
}
