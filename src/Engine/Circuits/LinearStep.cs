namespace BlindGrain.Engine.Circuits;

/// <summary>One summand of a <see cref="LinearStep"/>: <paramref name="Matrix"/> times value number <paramref name="Source"/>.</summary>
public sealed record LinearTerm(int Source, SparseMatrix Matrix);

/// <summary>y = Σ_t M_t · x_t + bias with integer matrices: free of bootstraps. Residual additions have several terms.</summary>
public sealed class LinearStep : CircuitStep
{
    /// <summary>Creates a linear step.</summary>
    /// <param name="name">The step's name, unique in the circuit.</param>
    /// <param name="terms">One or more terms whose matrices have the same number of rows; each source appears once.</param>
    /// <param name="bias">One integer a row.</param>
    /// <param name="bound">For each row, a range that its values keep to though interval arithmetic cannot see it (a maximum of two values, say), or that was
    /// calibrated on data; null where interval arithmetic is all that is known. A value outside wraps when it is encrypted.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other, or a bound is empty.</exception>
    public LinearStep(string name, IReadOnlyList<LinearTerm> terms, long[] bias, IReadOnlyList<ValueRange>? bound = null)
        : base(name, bias?.Length ?? throw new ArgumentNullException(nameof(bias)))
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0 || terms.Any(t => t.Matrix.Rows != bias.Length))
        {
            throw new ArgumentException($"Linear step '{name}' needs at least one term, and as many rows in each matrix as the bias has entries ({bias.Length}).", nameof(terms));
        }

        if (terms.Select(t => t.Source).Distinct().Count() != terms.Count)
        {
            throw new ArgumentException($"Linear step '{name}' reads one value in two terms; add their matrices.", nameof(terms));
        }

        if (bound is not null && (bound.Count != bias.Length || bound.Any(b => b.Min > b.Max)))
        {
            throw new ArgumentException($"Linear step '{name}' needs a bound with Min <= Max for each of its {bias.Length} rows, or none.", nameof(bound));
        }

        Terms = terms;
        Bound = bound;
        Bias = bias;
    }

    /// <summary>The summands.</summary>
    public IReadOnlyList<LinearTerm> Terms { get; }

    /// <summary>The integer bias, one a row.</summary>
    public long[] Bias { get; }

    /// <summary>The declared range of each row, or null: see the constructor.</summary>
    public IReadOnlyList<ValueRange>? Bound { get; }

    /// <inheritdoc/>
    public override IEnumerable<int> Sources => Terms.Select(t => t.Source);
}
