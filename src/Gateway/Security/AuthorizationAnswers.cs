using BlindGrain.Gateway.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace BlindGrain.Gateway.Security;

/// <summary>Answers those whose role is not enough with a problem document that says which one would be.</summary>
internal sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden)
        {
            return _default.HandleAsync(next, context, policy, authorizeResult);
        }

        string needed = policy.Requirements.OfType<RoleRequirement>().Max(r => r.Role) is var role ? Roles.Name(role) : "";
        string own = Roles.Of(context.User) is { } has ? Roles.Name(has) : "none";
        return Problems.Write(
            context,
            StatusCodes.Status403Forbidden,
            ErrorCodes.Forbidden,
            $"This needs a credential with the role {needed}; yours has {own}. An administrator can issue one.",
            new KeyValuePair<string, object?>("required_role", needed));
    }
}
