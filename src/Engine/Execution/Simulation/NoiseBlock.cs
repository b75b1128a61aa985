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
    private readonly PhaseNoise _noise;
    private readonly float[] _errors;
    private readonly float[]?[] _keyswitch;
    private readonly bool[] _keyswitched;
    private readonly Dictionary<(int Value, RotationPlan Plan), float[]> _switching = [];
    private readonly HashSet<(int Value, RotationPlan Plan)> _switched = [];
    private readonly float[] _keyBias;
    private readonly GaussianLanes _random;

    public NoiseBlock(CircuitLayout layout, int lanes, PhaseNoise noise)
    {
        _layout = layout;
        _lanes = lanes;
        _noise = noise;
        _errors = new float[layout.Rows * lanes];
        _keyswitch = new float[layout.Circuit.Steps.Count + 1][];
        _keyswitched = new bool[_keyswitch.Length];
        _keyBias = new float[lanes];
        _random = new GaussianLanes(lanes);
    }

    /// <summary>Sets a lane to the beginning of a sample's errors.</summary>
    public void Seed(int lane, ulong seed, int sample) => _random.Seed(lane, seed, sample);

    /// <summary>The errors of a value, a row an element.</summary>
    public Span<float> Value(int value) => _errors.AsSpan(_layout.FirstRow(value) * _lanes, _layout.Circuit.LengthOf(value) * _lanes);

    /// <summary>Draws the errors of the key and of the fresh inputs.</summary>
    public void Begin()
    {
        Array.Clear(_keyswitched);
        _switched.Clear();
        _random.Fill(_keyBias, Deviation(_noise.KeyBias));
        _random.Fill(Value(0), Deviation(_noise.Fresh));
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
    public void Refresh(int value) => _random.Fill(Value(value), Deviation(_noise.Refreshed));

    /// <summary>
    /// What key and modulus switch add to what a look-up reads. Both depend on the ciphertext and not on the table, so look-ups of one value with one plan err alike; those with
    /// another plan have another modulus switch.
    /// </summary>
    public ReadOnlySpan<float> Switching(NoisyLookup lookup)
    {
        (int, RotationPlan) key = (lookup.Source, lookup.Plan);
        if (!_switching.TryGetValue(key, out float[]? errors))
        {
            _switching.Add(key, errors = new float[_layout.Circuit.LengthOf(lookup.Source) * _lanes]);
        }

        if (_switched.Add(key))
        {
            _random.Fill(errors, Deviation(lookup.ModulusSwitch));
            float[] keyswitch = Keyswitch(lookup.Source);
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] += keyswitch[i];
            }
        }

        return errors;
    }

    private float[] Keyswitch(int value)
    {
        float[] errors = _keyswitch[value] ??= new float[_layout.Circuit.LengthOf(value) * _lanes];
        if (!_keyswitched[value])
        {
            _keyswitched[value] = true;
            _random.Fill(errors, Deviation(_noise.Keyswitch - _noise.KeyBias));
            for (int row = 0; row < errors.Length; row += _lanes)
            {
                for (int lane = 0; lane < _lanes; lane++)
                {
                    errors[row + lane] += _keyBias[lane];
                }
            }
        }

        return errors;
    }

    private static float Deviation(double variance) => (float)Math.Sqrt(Math.Max(0, variance));
}
