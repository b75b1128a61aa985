namespace BlindGrain.Gateway.Hosting;

/// <summary>Settings of the gateway; section "Gateway" of the configuration.</summary>
public sealed class GatewayOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Gateway";

    /// <summary>The credentials: one or more keys a tenant.</summary>
    public IList<ApiKeyOptions> ApiKeys { get; } = [];

    /// <summary>
    /// A file of credentials in place of <see cref="ApiKeys"/>, for the gateway's own program: a JSON list of {"tenant", "sha256"}, made with a fresh key where it does
    /// not exist; "api-keys.json" in the storage folder where it is not named.
    /// </summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>The longest <see cref="CredentialRefresh"/>.</summary>
    public static TimeSpan LongestCredentialRefresh { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How old a gateway's knowledge of tenants and credentials may get, 100 ms to 10 s: a revoked key works on other gateways for no longer than this.</summary>
    public TimeSpan CredentialRefresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The audit log.</summary>
    public AuditOptions Audit { get; } = new();

    /// <summary>The largest model file in bytes, 1 KiB to 4 GiB.</summary>
    public long MaxModelBytes { get; set; } = 256L << 20;

    /// <summary>The largest evaluation key file in bytes, 1 MiB to 64 GiB.</summary>
    public long MaxKeySetBytes { get; set; } = 4L << 30;

    /// <summary>The largest chunk of a key set's or model's upload in bytes, 64 KiB to 256 MiB.</summary>
    public long MaxChunkBytes { get; set; } = 8L << 20;

    /// <summary>
    /// Whether key sets may be written straight to Azure's storage, at addresses that this gateway signs. Whoever has such an address can write more than was announced until it expires; that is
    /// noticed at the commit.
    /// </summary>
    public bool DirectUploads { get; set; }

    /// <summary>How long such an address holds, 1 minute to 1 day.</summary>
    public TimeSpan DirectUploadLife { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The largest inference request in bytes, 1 KiB to 1 GiB.</summary>
    public long MaxInferenceBytes { get; set; } = 64L << 20;

    /// <summary>The longest that a request may wait for its job ("Prefer: wait"), 0 to 10 minutes.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an event stream tells a job's progress, 10 ms to 10 s; its beginning and its end are told at once.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a stop may take, 1 second to 1 hour: requests that are being answered end; waits and event streams end at once. Whatever stops the process must give it longer.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest silence of an event stream, 1 s to 10 minutes.</summary>
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests a second that each tenant may send to this gateway in the long run, 1 to 1 000 000.</summary>
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>Requests that a tenant may send at once after a pause, 1 to 1 000 000.</summary>
    public int RequestBurst { get; set; } = 2000;
}

/// <summary>One credential.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>The tenant that the key belongs to.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>SHA-256 of the key, lower-case hexadecimal.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>What the key allows: "client", "model_owner" (the default) or "admin".</summary>
    public string Role { get; set; } = Security.Roles.ModelOwner;
}

/// <summary>The audit log; it is always written as log events of the category "BlindGrain.Audit".</summary>
public sealed class AuditOptions
{
    /// <summary>A file that each event is appended to as a line of JSON, made readable for its owner only where it does not exist; none where this is empty. It may be moved away at any time.</summary>
    public string? File { get; set; }
}
