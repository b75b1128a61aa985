namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// The parameter sets that one key serves: a single set, or several for circuits whose look-ups differ in precision. Each set has a small key and a bootstrapping key of its own;
/// sets with equal <see cref="ParameterSet.Glwe"/> share a big key, all other secrets are independent. There is a key-switching key from every big key to every small one, so a look-up by any set
/// reads ciphertexts under any big key. The order of the sets means nothing: suites of the same sets are equal. Immutable.
/// </summary>
public sealed class ParameterSuite : IEquatable<ParameterSuite>
{
    /// <summary>The most sets of a suite.</summary>
    public const int MaxSets = 4;

    private const char Separator = '+';

    /// <summary>Joins sets.</summary>
    /// <param name="sets">1 to 4 different sets; where there are several, their keys are uniform.</param>
    /// <exception cref="ArgumentException">There are none, too many, two equal ones, or several with one that has key blocks.</exception>
    public ParameterSuite(params IReadOnlyCollection<ParameterSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count is < 1 or > MaxSets)
        {
            throw new ArgumentException($"A parameter suite has 1 to {MaxSets} sets, not {sets.Count}.", nameof(sets));
        }

        Sets = [.. sets.OrderBy(p => p.Id, StringComparer.Ordinal)];
        if (Sets.DistinctBy(p => p.Id).Count() < Sets.Count)
        {
            throw new ArgumentException("A parameter suite has a set twice.", nameof(sets));
        }

        if (Sets.Count > 1 && Sets.Any(p => !p.Keys.IsUniform))
        {
            throw new ArgumentException("A parameter suite of several sets has uniform keys; key blocks go with one set alone.", nameof(sets));
        }

        BigKeys = [.. Sets.Select(p => p.Glwe).Distinct()];
        Id = string.Join(Separator, Sets.Select(p => p.Id));
    }

    /// <summary>The sets, by their ids in ordinal order.</summary>
    public IReadOnlyList<ParameterSet> Sets { get; }

    /// <summary>The big keys, in the order of the first set that has each.</summary>
    public IReadOnlyList<GlweParameters> BigKeys { get; }

    /// <summary>What keys, models and ciphertexts are matched by: the ids of the sets, joined by '+'. That of a single set is the set's.</summary>
    public string Id { get; }

    /// <summary>The set of a suite that has one.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public ParameterSet Only => Sets.Count == 1 ? Sets[0] : throw new InvalidOperationException($"The suite {Id} has {Sets.Count} sets.");

    /// <summary>Bytes of the seeded evaluation keys: what a client uploads, without the header.</summary>
    public long SeededKeyBytes => Sets.Sum(SeededKeyBytesOf);

    /// <summary>A suite of one set.</summary>
    public static implicit operator ParameterSuite(ParameterSet set) => FromParameterSet(set);

    /// <summary>A suite of one set.</summary>
    public static ParameterSuite FromParameterSet(ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new ParameterSuite(set);
    }

    /// <summary>Whether keys for the suite of id <paramref name="keys"/> serve a model of the suite <paramref name="model"/>: whether they have all of its sets.</summary>
    public static bool Serves(string keys, string model)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(model);
        string[] sets = keys.Split(Separator);
        return model.Split(Separator).All(sets.Contains);
    }

    /// <summary>The part of <see cref="SeededKeyBytes"/> that one of the sets takes: its bootstrapping key and the key switches to it.</summary>
    public long SeededKeyBytesOf(ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.SeededBootstrapKeyBytes + BigKeys.Sum(set.SeededKeyswitchKeyBytes);
    }

    /// <inheritdoc/>
    public bool Equals(ParameterSuite? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSuite);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Sets);

    /// <summary>The place of a set.</summary>
    /// <exception cref="ArgumentException">It is not in the suite.</exception>
    internal int IndexOf(ParameterSet set) => Sets.Select((p, i) => p.Id == set.Id ? i : -1).FirstOrDefault(i => i >= 0, -1) is >= 0 and var index
        ? index
        : throw new ArgumentException($"The parameters {Id} do not have the set {set.Id}.", nameof(set));

    /// <summary>The place of a big key.</summary>
    /// <exception cref="ArgumentException">It is not in the suite.</exception>
    internal int IndexOf(GlweParameters glwe) => BigKeys.Select((g, i) => g == glwe ? i : -1).FirstOrDefault(i => i >= 0, -1) is >= 0 and var index
        ? index
        : throw new ArgumentException($"The parameters {Id} have no big key of k={glwe.GlweDimension}, N={glwe.PolynomialSize}.", nameof(glwe));

    /// <summary>The sets of an id, each looked for by its own id; null where one is not found or the id is not written as <see cref="Id"/> writes it.</summary>
    internal static ParameterSuite? Parse(string id, Func<string, ParameterSet?> find)
    {
        string[] parts = id.Split(Separator);
        ParameterSet[] sets = [.. parts.Take(MaxSets).Select(find).OfType<ParameterSet>()];
        if (sets.Length < parts.Length || sets.Distinct().Count() < sets.Length)
        {
            return null;
        }

        var suite = new ParameterSuite(sets);
        return suite.Id == id ? suite : null;
    }
}
