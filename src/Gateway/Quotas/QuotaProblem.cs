using System.Globalization;
using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Quotas;

/// <summary>Tells a tenant which quota refuses a request, and what frees it.</summary>
internal static class QuotaProblem
{
    /// <summary>A job ends at any moment; who waits is to ask again soon.</summary>
    private const string JobPause = "1";

    public static Task Write(HttpContext context, QuotaExceededException refusal)
    {
        // What frees itself is told as "later", what must be freed as "no".
        bool passes = refusal.Quota == QuotaKind.ConcurrentJobs || refusal.Frees is not null;
        if (refusal.Frees is { } frees)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling((frees - DateTimeOffset.UtcNow).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        else if (passes)
        {
            context.Response.Headers.RetryAfter = JobPause;
        }

        return Problems.Write(
            context,
            passes ? StatusCodes.Status429TooManyRequests : StatusCodes.Status403Forbidden,
            ErrorCodes.QuotaExceeded,
            Explain(refusal),
            [
                new("quota", NameOf(refusal.Quota)),
                new("limit", refusal.Limit),
                new("used", refusal.Used),
                new("requested", refusal.Requested),
                new("frees", refusal.Frees),
            ]);
    }

    private static string NameOf(QuotaKind quota) => quota switch
    {
        QuotaKind.Models => "models",
        QuotaKind.KeyBytes => "key_bytes",
        QuotaKind.ConcurrentJobs => "concurrent_jobs",
        _ => "bootstraps_per_day",
    };

    private static string Explain(QuotaExceededException refusal) => refusal.Quota switch
    {
        QuotaKind.Models => $"Your tenant may have {refusal.Limit} model versions and has {refusal.Used}; delete one, or ask an administrator for more.",
        QuotaKind.KeyBytes => $"Your tenant may have {refusal.Limit} bytes of key sets and has {refusal.Used}; these keys have {refusal.Requested}. Delete a key set, or ask an administrator for more.",
        QuotaKind.ConcurrentJobs => $"Your tenant may have {refusal.Limit} unfinished jobs and has {refusal.Used}; try again when one has ended.",
        _ when refusal.Frees is { } frees =>
            $"Your tenant may submit jobs of {refusal.Limit} bootstraps a day and has submitted {refusal.Used}; this job has {refusal.Requested}. The day ends at {frees:u}.",
        _ => $"Your tenant may submit jobs of {refusal.Limit} bootstraps a day; this job alone has {refusal.Requested}. Ask an administrator for more.",
    };
}
