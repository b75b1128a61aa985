namespace BlindGrain.Engine.Circuits;

/// <summary>The closed integer interval [<paramref name="Min"/>, <paramref name="Max"/>] that a circuit value can take.</summary>
public readonly record struct ValueRange(long Min, long Max)
{
    /// <summary>The number of integers in the interval, at least 1.</summary>
    public long Width => Max - Min + 1;

    /// <summary>The least number of bits that tell the interval's integers apart, at least 1: ceil(log2(<see cref="Width"/>)).</summary>
    public int Bits => Width <= 2 ? 1 : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(Width - 1));

    /// <summary>Whether <paramref name="value"/> lies in the interval.</summary>
    public bool Contains(long value) => value >= Min && value <= Max;

    /// <inheritdoc/>
    public override string ToString() => $"[{Min}, {Max}]";
}
