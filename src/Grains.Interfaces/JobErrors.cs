namespace BlindGrain.Grains.Interfaces;

/// <summary>The stable codes of <see cref="JobStatus.ErrorCode"/>.</summary>
public static class JobErrors
{
    /// <summary>The model is not registered, or its file is gone or another one than was registered.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>The key set does not exist, or its file is gone or another one than was committed.</summary>
    public const string KeySetNotFound = "key_set_not_found";

    /// <summary>The key set's upload is not complete.</summary>
    public const string KeySetNotReady = "key_set_not_ready";

    /// <summary>Model, key set and input are not all for one parameter set.</summary>
    public const string ParameterMismatch = "parameter_mismatch";

    /// <summary>The input is missing, no encrypted input, or has another number of ciphertexts than the model takes.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>No worker could compute a slice, after several tries on different silos.</summary>
    public const string WorkerUnavailable = "worker_unavailable";

    /// <summary>The job did not end within the time that its submission gave it.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>A fault of the service; its log says more.</summary>
    public const string Internal = "internal";
}
