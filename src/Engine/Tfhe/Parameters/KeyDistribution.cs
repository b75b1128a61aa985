namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// How the bits of the small secret key are drawn: uniformly (the default), or in blocks of which each is all zero or has a single 1, with equal probabilities
/// (block-binary keys, eprint 2023/958). Blocks make bootstraps faster and rest on a younger assumption: SECURITY.md, docs/adr/0006.
/// </summary>
public readonly record struct KeyDistribution
{
    private readonly int _more;

    private KeyDistribution(int blockLength)
    {
        _more = blockLength - 1;
    }

    /// <summary>Uniform binary keys.</summary>
    public static KeyDistribution Uniform => default;

    /// <summary>The bits of a block, 2 to 4; 1 for uniform keys, whose every bit is a block of its own.</summary>
    public int BlockLength => _more + 1;

    /// <summary>Whether keys are uniform.</summary>
    public bool IsUniform => _more == 0;

    /// <summary>The mean of a key bit, 1/(l_b + 1).</summary>
    public double Mean => 1.0 / (BlockLength + 1);

    /// <summary>
    /// The factor by which n must be larger than that of a uniform key for the same security: 1.03, 1.05, 1.08 for l_b = 2, 3, 4. Our estimates (a lattice estimator's
    /// dual hybrid attack, with the guessing part counted in blocks) ask for 1.02, 1.04, 1.06.
    /// </summary>
    public double DimensionFactor => BlockLength switch
    {
        1 => 1,
        2 => 1.03,
        3 => 1.05,
        _ => 1.08,
    };

    /// <summary>Block-binary keys.</summary>
    /// <param name="length">l_b, 2 to 4.</param>
    /// <exception cref="ArgumentException">Another length, for which there is no security estimate.</exception>
    public static KeyDistribution BlockBinary(int length) => length is >= 2 and <= 4
        ? new KeyDistribution(length)
        : throw new ArgumentException($"Key blocks of {length} bits have no security estimate here; take 2, 3 or 4.", nameof(length));

    /// <inheritdoc/>
    public override string ToString() => IsUniform ? "uniform binary keys" : $"key blocks of {BlockLength}";
}
