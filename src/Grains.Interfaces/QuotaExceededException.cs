namespace BlindGrain.Grains.Interfaces;

/// <summary>What was asked for is more than a tenant's quota leaves; nothing was done.</summary>
[GenerateSerializer, Alias("BlindGrain.QuotaExceededException")]
#pragma warning disable CA1032 // Made in one way only: with the quota that refuses.
public sealed class QuotaExceededException : Exception
#pragma warning restore CA1032
{
    /// <summary>Creates the exception.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="use">Its limit and what is used.</param>
    /// <param name="requested">What was asked for.</param>
    /// <param name="frees">When it will be free again by itself, UTC; null where that takes something's end or deletion.</param>
    public QuotaExceededException(QuotaKind quota, QuotaUse use, long requested, DateTimeOffset? frees = null)
        : base($"The quota {quota} is {use?.Limit}; {use?.Used} are used, {requested} more were asked for.")
    {
        ArgumentNullException.ThrowIfNull(use);
        (Quota, Limit, Used, Requested, Frees) = (quota, use.Limit, use.Used, requested, frees);
    }

    /// <summary>The quota.</summary>
    [Id(0)] public QuotaKind Quota { get; private set; }

    /// <summary>Its limit.</summary>
    [Id(1)] public long Limit { get; private set; }

    /// <summary>What is used.</summary>
    [Id(2)] public long Used { get; private set; }

    /// <summary>What was asked for.</summary>
    [Id(3)] public long Requested { get; private set; }

    /// <summary>When it will be free again by itself, UTC; null where that takes something's end or deletion.</summary>
    [Id(4)] public DateTimeOffset? Frees { get; private set; }
}
