namespace BlindGrain.Engine.Execution;

/// <summary>What a model's parameters are chosen for.</summary>
public abstract record ExecutionMode
{
    private ExecutionMode()
    {
    }

    /// <summary>Every look-up is right but with probability 2^<paramref name="Log2PError"/>.</summary>
    /// <param name="Log2PError">-128 to -5; the default is -40.</param>
    public sealed record Exact(double Log2PError = -40) : ExecutionMode
    {
        /// <inheritdoc/>
        public override string ToString() => $"exact, p_error 2^{Log2PError:0.##}";
    }

    /// <summary>A look-up's index has a Gaussian error of standard deviation <paramref name="Sigma"/> times the range.</summary>
    /// <param name="Sigma">A fraction of the accumulator's range, 0.0005 to 0.05 (0.5 % is 0.005).</param>
    public sealed record Approximate(double Sigma) : ExecutionMode
    {
        /// <summary>The smallest sigma: below it, exact mode is the right one.</summary>
        public const double MinSigma = 0.0005;

        /// <summary>The largest sigma: the guards at both ends leave 40 % of the half torus.</summary>
        public const double MaxSigma = 0.05;

        /// <inheritdoc/>
        public override string ToString() => $"approximate, sigma {Sigma * 100:0.###} % of the range";
    }
}
