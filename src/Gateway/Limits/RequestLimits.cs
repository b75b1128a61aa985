using System.Globalization;
using System.Threading.RateLimiting;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Limits;

/// <summary>
/// How many requests a tenant may send: a bucket of <see cref="GatewayOptions.RequestBurst"/> requests that fills by <see cref="GatewayOptions.RequestsPerSecond"/>, one a tenant and gateway. Who
/// has no valid credential shares a bucket with everybody at the same address. Health is not limited.
/// </summary>
internal static class RequestLimits
{
    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        _ = services.AddOptions<RateLimiterOptions>().Configure<IOptions<GatewayOptions>>((limiter, gateway) =>
        {
            GatewayOptions options = gateway.Value;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(WhoAsks(context), _ => Bucket(options)));
            limiter.OnRejected = Reject;
        });
        return services.AddRateLimiter(_ => { });
    }

    /// <summary>Tenants' names have no colon, so that no address is taken for one.</summary>
    private static string WhoAsks(HttpContext context) => Caller.Tenant(context.User) ?? $"address:{context.Connection.RemoteIpAddress}";

    private static TokenBucketRateLimiterOptions Bucket(GatewayOptions options) => new()
    {
        TokenLimit = options.RequestBurst,
        TokensPerPeriod = options.RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    private static async ValueTask Reject(OnRejectedContext rejected, CancellationToken cancellation)
    {
        double seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimited, $"Too many requests in a short time; go on in {seconds} s, as Retry-After says.");
    }
}
