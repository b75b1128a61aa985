using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>
/// The phase errors of a block's ciphertexts, one a ciphertext and lane, as fractions of the torus. They go through linear steps as ciphertexts do, so what several rows read
/// of one ciphertext, they read with the same error. One thread's work space.
/// </summary>
internal sealed class NoiseBlock
{
    private readonly CircuitLayout _layout;
    private readonly int _lanes;
    private readonly ParameterPlan _parameters;
    private readonly float[] _errors;
    private readonly Dictionary<(int Value, ParameterSet Set), float[]> _keyswitch = [];
    private readonly HashSet<(int Value, ParameterSet Set)> _keyswitched = [];
    private readonly Dictionary<(int Value, ParameterSet Set, RotationPlan Plan), float[]> _switching = [];
    private readonly HashSet<(int Value, ParameterSet Set, RotationPlan Plan)> _switched = [];
    private readonly Dictionary<(GlweParameters From, ParameterSet Set), float[]> _keyBias = [];
    private readonly GaussianLanes _random;

    public NoiseBlock(CircuitLayout layout, int lanes, ParameterPlan parameters)
    {
        _layout = layout;
        _lanes = lanes;
        _parameters = parameters;
        _errors = new float[layout.Rows * lanes];
        _random = new GaussianLanes(lanes);
    }

    /// <summary>Sets a lane to the beginning of a sample's errors.</summary>
    public void Seed(int lane, ulong seed, int sample) => _random.Seed(lane, seed, sample);

    /// <summary>The errors of a value, a row an element.</summary>
    public Span<float> Value(int value) => _errors.AsSpan(_layout.FirstRow(value) * _lanes, _layout.Circuit.LengthOf(value) * _lanes);

    /// <summary>Draws the errors of the keys and of the fresh inputs.</summary>
    public void Begin()
    {
        _keyswitched.Clear();
        _switched.Clear();
        foreach (ParameterSet set in _parameters.Suite.Sets)
        {
            foreach (GlweParameters from in _parameters.Suite.BigKeys)
            {
                float[] bias = _keyBias.TryGetValue((from, set), out float[]? known) ? known : _keyBias[(from, set)] = new float[_lanes];
                _random.Fill(bias, Deviation(PhaseNoise.KeyBias(from, set)));
            }
        }

        _random.Fill(Value(0), Deviation(PhaseNoise.Fresh(_parameters.BigKeyOf(0))));
    }

    /// <summary>Carries the errors through a linear step.</summary>
    public void Linear(int step, LinearStep linear, float[][] weights)
    {
        Span<float> target = Value(step + 1);
        target.Clear();
        for (int t = 0; t < weights.Length; t++)
        {
            LaneKernel.MultiplyAdd(linear.Terms[t].Matrix, weights[t], Value(linear.Terms[t].Source), target, _lanes);
        }
    }

    /// <summary>Draws the errors of what a look-up step yields.</summary>
    public void Refresh(int value) => _random.Fill(Value(value), Deviation(PhaseNoise.Refreshed(_parameters[value - 1])));

    /// <summary>
    /// What key and modulus switch add to what a look-up reads. Both depend on the ciphertext and not on the table, so look-ups of one value by one set with one plan err alike; those with
    /// another plan have another modulus switch, those by another set another key switch too.
    /// </summary>
    public ReadOnlySpan<float> Switching(NoisyLookup lookup)
    {
        (int, ParameterSet, RotationPlan) key = (lookup.Source, lookup.Parameters, lookup.Plan);
        if (!_switching.TryGetValue(key, out float[]? errors))
        {
            _switching.Add(key, errors = new float[_layout.Circuit.LengthOf(lookup.Source) * _lanes]);
        }

        if (_switched.Add(key))
        {
            _random.Fill(errors, Deviation(lookup.ModulusSwitch));
            float[] keyswitch = Keyswitch(lookup.Source, lookup.Parameters);
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] += keyswitch[i];
            }
        }

        return errors;
    }

    private float[] Keyswitch(int value, ParameterSet set)
    {
        if (!_keyswitch.TryGetValue((value, set), out float[]? errors))
        {
            _keyswitch.Add((value, set), errors = new float[_layout.Circuit.LengthOf(value) * _lanes]);
        }

        if (_keyswitched.Add((value, set)))
        {
            GlweParameters from = _parameters.BigKeyOf(value);
            float[] bias = _keyBias[(from, set)];
            _random.Fill(errors, Deviation(PhaseNoise.Keyswitch(from, set) - PhaseNoise.KeyBias(from, set)));
            for (int row = 0; row < errors.Length; row += _lanes)
            {
                for (int lane = 0; lane < _lanes; lane++)
                {
                    errors[row + lane] += bias[lane];
                }
            }
        }

        return errors;
    }

    private static float Deviation(double variance) => (float)Math.Sqrt(Math.Max(0, variance));
}
