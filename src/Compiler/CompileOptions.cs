namespace BlindGrain.Compiler;

/// <summary>How a model becomes a circuit.</summary>
public sealed record CompileOptions
{
    /// <summary>Refuse a circuit with a look-up whose input takes more bits than this, 1 to 22; null for no limit but the tables'.</summary>
    public int? MaxBits { get; init; }

    /// <summary>
    /// Drop low bits of wider accumulators, so that each table has at most 2^this plateaus, 1 to 16; null drops none. Values near a plateau's edge
    /// may fall on either side of it when they are encrypted, so this is for approximate mode.
    /// </summary>
    public int? RoundingBits { get; init; }

    /// <summary>Refuses settings outside their ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    internal void Validate()
    {
        Check(MaxBits, 1, 20, nameof(MaxBits));
        Check(RoundingBits, 1, 16, nameof(RoundingBits));

        static void Check(int? value, int min, int max, string name)
        {
            if (value < min || value > max)
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} takes {min} to {max}.");
            }
        }
    }
}
