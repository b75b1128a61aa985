namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>A kind of look-up: by a set, of ciphertexts under a big key.</summary>
/// <param name="From">The big key of the ciphertexts that are read.</param>
/// <param name="Set">The set.</param>
public readonly record struct LookupKind(GlweParameters From, ParameterSet Set);

/// <summary>
/// What of an evaluation key has to be expanded: the bootstrapping keys of a suite, and the key switches of the kinds of look-up that occur. A key set has a key switch from every big key to
/// every set, which are small while they are seeded; expanded, each takes tens of megabytes, and a model has few kinds. Immutable.
/// </summary>
public sealed class KeyNeeds
{
    /// <summary>States needs.</summary>
    /// <param name="parameters">The suite.</param>
    /// <param name="kinds">The kinds of look-up, of the suite's sets and big keys.</param>
    /// <exception cref="ArgumentException">A kind is of another set or big key.</exception>
    public KeyNeeds(ParameterSuite parameters, IEnumerable<LookupKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(kinds);
        Parameters = parameters;
        Kinds = [.. kinds.Distinct().OrderBy(k => parameters.IndexOf(k.Set)).ThenBy(k => parameters.IndexOf(k.From))];
        Id = Kinds.Count == parameters.Sets.Count * parameters.BigKeys.Count
            ? parameters.Id
            : $"{parameters.Id}:{string.Join(',', Kinds.Select(k => $"{parameters.IndexOf(k.From)}-{parameters.IndexOf(k.Set)}"))}";
    }

    /// <summary>The suite.</summary>
    public ParameterSuite Parameters { get; }

    /// <summary>The kinds, set after set.</summary>
    public IReadOnlyList<LookupKind> Kinds { get; }

    /// <summary>Equal needs have equal ids; that of all kinds is the suite's.</summary>
    public string Id { get; }

    /// <summary>Bytes of the expanded keys in a worker's memory.</summary>
    public long ExpandedBytes => Parameters.Sets.Sum(ExpandedBytesOf);

    /// <summary>All kinds of look-up of a suite.</summary>
    public static KeyNeeds All(ParameterSuite parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new KeyNeeds(parameters, parameters.Sets.SelectMany(set => parameters.BigKeys.Select(from => new LookupKind(from, set))));
    }

    /// <summary>The part of <see cref="ExpandedBytes"/> that one of the sets takes: its bootstrapping key and the key switches to it.</summary>
    public long ExpandedBytesOf(ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.ExpandedBootstrapKeyBytes + Kinds.Where(k => k.Set.Id == set.Id).Sum(k => set.ExpandedKeyswitchKeyBytes(k.From));
    }
}
