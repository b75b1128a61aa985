namespace BlindGrain.Storage;

/// <summary>What a blob name may be; the same for every backend, so that a name that works on one works on all.</summary>
internal static class BlobNameRules
{
    private const int MaxLength = 512;
    private const int MaxSegment = 200;

    /// <summary>Refuses what is no blob name.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
        {
            throw new ArgumentException($"A blob name has 1 to {MaxLength} characters, not {name.Length}.", nameof(name));
        }

        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = name.AsSpan()[range];
            if (segment.Length is 0 or > MaxSegment || segment.TrimStart('.').IsEmpty || !Allowed(segment))
            {
                throw new ArgumentException($"'{name}' is no blob name: its segments, separated by '/', have 1 to {MaxSegment} characters of A-Z, a-z, 0-9, '.', '_' and '-', not only dots.", nameof(name));
            }
        }
    }

    /// <summary>Refuses what no blob name can start with; a prefix may end within a segment or behind a '/', or be empty.</summary>
    /// <exception cref="ArgumentException">It is no such prefix.</exception>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        int lastSlash = prefix.LastIndexOf('/');
        if (lastSlash >= 0)
        {
            Check(prefix[..lastSlash]);
        }

        if (!Allowed(prefix.AsSpan(lastSlash + 1)))
        {
            throw new ArgumentException($"'{prefix}' is no prefix of a blob name.", nameof(prefix));
        }
    }

    private static bool Allowed(ReadOnlySpan<char> segment)
    {
        foreach (char c in segment)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
