using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The modelled phase noise of every value of a circuit under a plan of parameter sets, by the worst element of each.</summary>
internal sealed class NoiseAnalysis
{
    private readonly double[] _variance;
    private readonly ParameterPlan _parameters;
    private readonly LinearNorms _norms;
    private readonly FheCircuit _circuit;
    private readonly ValueEncoding _encoding;
    private readonly int[]?[] _rotations;

    /// <summary>Analyses a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="encoding">How its values lie on the torus.</param>
    /// <param name="parameters">The parameters of its look-ups.</param>
    /// <param name="norms">Its weights' norms.</param>
    /// <param name="schedule">Which look-ups share a rotation; null for none.</param>
    public NoiseAnalysis(FheCircuit circuit, ValueEncoding encoding, ParameterPlan parameters, LinearNorms norms, LookupSchedule? schedule = null)
    {
        _rotations = [null, .. circuit.Steps.Select((s, i) => schedule is not null && s is LookupStep ? schedule.RotationOf(i) : null)];
        _circuit = circuit;
        _encoding = encoding;
        _parameters = parameters;
        _norms = norms;
        _variance = new double[circuit.Steps.Count + 1];
        _variance[0] = PhaseNoise.Fresh(parameters.BigKeyOf(0));
        for (int i = 0; i < circuit.Steps.Count; i++)
        {
            _variance[i + 1] = circuit.Steps[i] is LinearStep linear ? OfLinear(i, linear) : PhaseNoise.Refreshed(parameters[i]);
        }
    }

    /// <summary>The standard deviation of the index of look-up step <paramref name="step"/>, relative to the half torus that carries the range.</summary>
    public double SigmaAt(int step, RotationPlan plan) => SigmaAt(step, _parameters[step], plan);

    /// <summary>The same, were that look-up alone by another set.</summary>
    public double SigmaAt(int step, ParameterSet set, RotationPlan plan) => Math.Sqrt(AtLookup(SourceOf(step), set, plan)) / 0.5;

    /// <summary>log2 of the probability that one look-up of step <paramref name="step"/> reads a neighbour's entry.</summary>
    public double Log2PError(int step, RotationPlan plan) => Log2PError(step, _parameters[step], plan);

    /// <summary>The same, were that look-up alone by another set.</summary>
    public double Log2PError(int step, ParameterSet set, RotationPlan plan)
    {
        int source = SourceOf(step);

        // The table's boxes end at whole coefficients, up to half a coefficient from where the encoding's do.
        double tolerance = (_encoding.Delta(source) / Math.Pow(2, 65)) - (0.25 / plan.Boxes(set));
        return NoiseModel.Log2PError(tolerance, AtLookup(source, set, plan));
    }

    /// <summary>log2 of the probability that one output decrypts to another integer.</summary>
    public double Log2OutputError()
    {
        int value = _circuit.Output.Value;
        return NoiseModel.Log2PError(_encoding.Delta(value) / Math.Pow(2, 65), _variance[value]);
    }

    private int SourceOf(int step) => ((LookupStep)_circuit.Steps[step]).Source;

    private double AtLookup(int source, ParameterSet set, RotationPlan plan) =>
        _variance[source] + PhaseNoise.Keyswitch(_parameters.BigKeyOf(source), set) + NoiseModel.ModulusSwitch(set, plan);

    private double OfLinear(int index, LinearStep step)
    {
        double worst = 0;
        if (step.Terms.All(t => _rotations[t.Source] is null))
        {
            for (int r = 0; r < step.OutputLength; r++)
            {
                double sum = 0;
                for (int t = 0; t < step.Terms.Count; t++)
                {
                    sum += _norms[index, t][r] * _variance[step.Terms[t].Source];
                }

                worst = Math.Max(worst, sum);
            }

            return worst;
        }

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
