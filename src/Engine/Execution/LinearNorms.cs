using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution;

/// <summary>The squared 2-norms of a circuit's weights, found once for the many parameter sets that its noise is analysed for.</summary>
internal sealed class LinearNorms
{
    private readonly double[][][] _norms;

    public LinearNorms(FheCircuit circuit)
    {
        _norms = [.. circuit.Steps.Select(s => s is LinearStep linear ? linear.Terms.Select(t => Of(t.Matrix)).ToArray() : [])];
    }

    /// <summary>Σ w² of each row of a term of linear step <paramref name="step"/>.</summary>
    public double[] this[int step, int term] => _norms[step][term];

    private static double[] Of(SparseMatrix matrix)
    {
        var norms = new double[matrix.Rows];
        for (int r = 0; r < norms.Length; r++)
        {
            for (int e = matrix.RowStart[r]; e < matrix.RowStart[r + 1]; e++)
            {
                norms[r] += (double)matrix.Weight[e] * matrix.Weight[e];
            }
        }

        return norms;
    }
}
