namespace BlindGrain.Gateway.Auditing;

/// <summary>Who did what, and what became of it. It holds ids only: no keys, no bodies, no queries, no free text of the caller's.</summary>
/// <param name="Time">When it ended, UTC.</param>
/// <param name="Tenant">The caller's tenant; null where nobody was recognised.</param>
/// <param name="Credential">The caller's credential id; null where nobody was recognised.</param>
/// <param name="Action">The operation, by its name in the OpenAPI document.</param>
/// <param name="Subject">What it was done to, as "tenant/model/…"; empty where that is nothing in particular.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Code">The problem's code; null where it succeeded.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="Trace">The request's trace id.</param>
internal sealed record AuditEvent(DateTimeOffset Time, string? Tenant, string? Credential, string Action, string Subject, int Status, string? Code, string Address, string? Trace)
{
    /// <summary>What became of it, in one word.</summary>
    public string Outcome => Status switch
    {
        401 or 403 => "denied",
        < 400 => "done",
        _ => "failed",
    };
}
