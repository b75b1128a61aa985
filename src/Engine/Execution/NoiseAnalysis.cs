using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The modelled phase noise of every value of a circuit under a parameter set, by the worst element of each.</summary>
internal sealed class NoiseAnalysis
{
    private readonly double[] _variance;
    private readonly ParameterSet _parameters;
    private readonly PhaseNoise _noise;
    private readonly FheCircuit _circuit;
    private readonly ValueEncoding _encoding;
    private readonly int[]?[] _rotations;

    /// <summary>Analyses a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="encoding">How its values lie on the torus.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="schedule">Which look-ups share a rotation; null for none.</param>
    public NoiseAnalysis(FheCircuit circuit, ValueEncoding encoding, ParameterSet parameters, LookupSchedule? schedule = null)
    {
        _rotations = [null, .. circuit.Steps.Select((s, i) => schedule is not null && s is LookupStep ? schedule.RotationOf(i) : null)];
        _circuit = circuit;
        _encoding = encoding;
        _parameters = parameters;
        _noise = PhaseNoise.Of(parameters);
        _variance = new double[circuit.Steps.Count + 1];
        _variance[0] = _noise.Fresh;
        for (int i = 0; i < circuit.Steps.Count; i++)
        {
            _variance[i + 1] = circuit.Steps[i] is LinearStep linear ? OfLinear(linear) : _noise.Refreshed;
        }
    }

    /// <summary>The standard deviation of the look-up's index, relative to the half torus that carries the range.</summary>
    public double SigmaAt(LookupStep step, RotationPlan plan) => Math.Sqrt(AtLookup(step.Source, plan)) / 0.5;

    /// <summary>log2 of the probability that one look-up of a step reads a neighbour's entry.</summary>
    public double Log2PError(LookupStep step, RotationPlan plan)
    {
        // The table's boxes end at whole coefficients, up to half a coefficient from where the encoding's do.
        double tolerance = (_encoding.Delta(step.Source) / Math.Pow(2, 65)) - (0.25 / plan.Boxes(_parameters));
        return NoiseModel.Log2PError(tolerance, AtLookup(step.Source, plan));
    }

    /// <summary>log2 of the probability that one output decrypts to another integer.</summary>
    public double Log2OutputError()
    {
        int value = _circuit.Output.Value;
        return NoiseModel.Log2PError(_encoding.Delta(value) / Math.Pow(2, 65), _variance[value]);
    }

    private double AtLookup(int source, RotationPlan plan) => _variance[source] + _noise.Keyswitch + NoiseModel.ModulusSwitch(_parameters, plan);

    private double OfLinear(LinearStep step)
    {
        double worst = 0;
        var shared = new Dictionary<int, (double Weight, double Variance)>();
        for (int r = 0; r < step.OutputLength; r++)
        {
            double sum = 0;
            shared.Clear();
            foreach (LinearTerm term in step.Terms)
            {
                int[]? rotations = _rotations[term.Source];
                double norm = 0;
                for (int e = term.Matrix.RowStart[r]; e < term.Matrix.RowStart[r + 1]; e++)
                {
                    double weight = Math.Abs((double)term.Matrix.Weight[e]);
                    int rotation = rotations is null ? -1 : rotations[term.Matrix.Column[e]];
                    if (rotation < 0)
                    {
                        norm += weight * weight;
                    }
                    else
                    {
                        shared[rotation] = (shared.GetValueOrDefault(rotation).Weight + weight, _variance[term.Source]);
                    }
                }

                sum += norm * _variance[term.Source];
            }

            // Outputs of one rotation may err together: their weights add before they are squared.
            worst = Math.Max(worst, sum + shared.Values.Sum(s => s.Weight * s.Weight * s.Variance));
        }

        return worst;
    }
}
