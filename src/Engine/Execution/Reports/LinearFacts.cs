using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Reports;

/// <summary>What a report tells of a linear step.</summary>
/// <param name="Weights">Weights other than zero.</param>
/// <param name="LargestWeight">The largest absolute weight.</param>
/// <param name="SquaredNorm">The largest Σ w² of a row: by so much it multiplies the variance of the noise.</param>
/// <param name="Declared">Whether its ranges were declared (calibrated, say) rather than found by interval arithmetic alone.</param>
public sealed record LinearFacts(long Weights, int LargestWeight, double SquaredNorm, bool Declared)
{
    /// <summary>Describes a step.</summary>
    public static LinearFacts Of(LinearStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var norms = new double[step.OutputLength];
        long weights = 0;
        int largest = 0;
        foreach (SparseMatrix matrix in step.Terms.Select(t => t.Matrix))
        {
            weights += matrix.NonZeros;
            for (int r = 0; r < matrix.Rows; r++)
            {
                for (int e = matrix.RowStart[r]; e < matrix.RowStart[r + 1]; e++)
                {
                    norms[r] += (double)matrix.Weight[e] * matrix.Weight[e];
                    largest = Math.Max(largest, Math.Abs(matrix.Weight[e]));
                }
            }
        }

        return new LinearFacts(weights, largest, norms.Max(), step.Bound is not null);
    }
}
