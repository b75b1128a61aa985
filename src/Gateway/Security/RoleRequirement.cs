using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Authorization;

namespace BlindGrain.Gateway.Security;

/// <summary>Met by whoever has at least a role: each includes those below it.</summary>
internal sealed class RoleRequirement(CredentialRole role) : AuthorizationHandler<RoleRequirement>, IAuthorizationRequirement
{
    public CredentialRole Role { get; } = role;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (Roles.Of(context.User) is { } role && role >= requirement.Role)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
