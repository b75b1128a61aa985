namespace BlindGrain.Gateway.Errors;

/// <summary>The stable codes of problem documents: clients may rely on them, texts may change.</summary>
internal static class ErrorCodes
{
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string TenantDisabled = "tenant_disabled";
    public const string TenantNotFound = "tenant_not_found";
    public const string TenantActive = "tenant_active";
    public const string CredentialNotFound = "credential_not_found";
    public const string TooMany = "too_many";
    public const string QuotaExceeded = "quota_exceeded";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string InvalidId = "invalid_id";
    public const string InvalidRequest = "invalid_request";
    public const string PayloadTooLarge = "payload_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string ModelNotFound = "model_not_found";
    public const string ModelVersionExists = "model_version_exists";
    public const string ModelUploadExists = "model_upload_exists";
    public const string ModelUploadNotFound = "model_upload_not_found";
    public const string InvalidModel = "invalid_model";
    public const string KeySetNotFound = "key_set_not_found";
    public const string KeySetExists = "key_set_exists";
    public const string KeySetNotReady = "key_set_not_ready";
    public const string KeySetReady = "key_set_ready";
    public const string DirectUploadUnavailable = "direct_upload_unavailable";
    public const string UnknownParameterSet = "unknown_parameter_set";
    public const string InvalidKey = "invalid_key";
    public const string UploadOffsetMismatch = "upload_offset_mismatch";
    public const string LengthMismatch = "length_mismatch";
    public const string HashMismatch = "hash_mismatch";
    public const string ParameterMismatch = "parameter_mismatch";
    public const string InvalidInput = "invalid_input";
    public const string JobNotFound = "job_not_found";
    public const string JobNotFinished = "job_not_finished";
    public const string JobNotSucceeded = "job_not_succeeded";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string RateLimited = "rate_limited";
    public const string ClusterUnavailable = "cluster_unavailable";
    public const string StorageUnavailable = "storage_unavailable";
    public const string Internal = "internal";
}
