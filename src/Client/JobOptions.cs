namespace BlindGrain.Client;

/// <summary>How urgent a job is, and what its submission is called. Immutable.</summary>
public sealed record JobOptions
{
    /// <summary>The priority of a job that asks for none.</summary>
    public const int DefaultPriority = 5;

    private readonly int _priority = DefaultPriority;
    private readonly TimeSpan? _timeout;

    /// <summary>No wishes.</summary>
    public static JobOptions Default { get; } = new();

    /// <summary>1, before the tenant's other jobs, to 9, behind them. It says nothing about other tenants' jobs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not 1 to 9.</exception>
    public int Priority
    {
        get => _priority;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 9);
            _priority = value;
        }
    }

    /// <summary>The job fails with the code <c>deadline_exceeded</c> where it has not ended this long after it was accepted, from a microsecond to 30 days; null, the default, for never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    public TimeSpan? Timeout
    {
        get => _timeout;
        init
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMicroseconds(1));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromDays(30));
            }

            _timeout = value;
        }
    }

    /// <summary>An inference's parameters, by their names on the wire.</summary>
    internal Dictionary<string, object> ToParameters(string keySet)
    {
        var parameters = new Dictionary<string, object> { ["key_set"] = keySet };
        if (Priority != DefaultPriority)
        {
            parameters.Add("priority", Priority);
        }

        if (Timeout is { } timeout)
        {
            parameters.Add("timeout", (long)timeout.TotalMicroseconds);
        }

        return parameters;
    }

    /// <summary>Names the submission: sent twice, it is one job. Null, the default, for a fresh name.</summary>
    public string? IdempotencyKey { get; init; }
}
