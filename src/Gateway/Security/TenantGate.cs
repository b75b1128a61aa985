using BlindGrain.Gateway.Errors;
using Microsoft.AspNetCore.Authorization;

namespace BlindGrain.Gateway.Security;

/// <summary>Turns away those whose tenant is disabled, however they have authenticated.</summary>
internal sealed class TenantGate(RequestDelegate next, AccessDirectory directory)
{
    public Task InvokeAsync(HttpContext context) =>
        Caller.Tenant(context.User) is { } tenant && directory.FindTenant(tenant) is { Disabled: true } && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            ? Problems.Write(context, StatusCodes.Status403Forbidden, ErrorCodes.TenantDisabled, $"The tenant '{tenant}' is disabled; ask an administrator.")
            : next(context);
}
