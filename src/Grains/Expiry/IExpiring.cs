namespace BlindGrain.Grains.Expiry;

/// <summary>A grain whose blobs do not stay for ever. Not for clients of the cluster.</summary>
[Alias("BlindGrain.IExpiring")]
internal interface IExpiring : IGrainWithStringKey
{
    /// <summary>Deletes everything of it, where it has been of no use for <paramref name="age"/>.</summary>
    [Alias("Expire")]
    Task<ExpiryAnswer> Expire(TimeSpan age);
}

/// <summary>What became of a question for something's age.</summary>
/// <param name="Known">Whether there was anything under this name.</param>
/// <param name="Due">When to ask again; null where there is nothing, any more or at all.</param>
[GenerateSerializer, Immutable, Alias("BlindGrain.ExpiryAnswer")]
internal readonly record struct ExpiryAnswer([property: Id(0)] bool Known, [property: Id(1)] DateTimeOffset? Due)
{
    /// <summary>There is nothing under this name.</summary>
    public static ExpiryAnswer Nothing => new(false, null);

    /// <summary>It was there and is deleted.</summary>
    public static ExpiryAnswer Expired => new(true, null);

    /// <summary>Its time is not over.</summary>
    public static ExpiryAnswer NotBefore(DateTimeOffset due) => new(true, due);
}
