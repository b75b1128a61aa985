using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Look-up steps on ciphertexts: programmable bootstraps, deterministic for given keys and ciphertexts.
/// An instance holds the work space of one thread: use one a thread. It works on the calling thread only, and the key must
/// outlive it.
/// </summary>
public sealed class LookupEvaluator : IDisposable
{
    private readonly ServerKey _key;
    private readonly Dictionary<LookupKey, Bootstrapper> _bootstrappers = [];

    /// <summary>Makes an evaluator of a key; work space is taken with the first look-up of each kind.</summary>
    public LookupEvaluator(ServerKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
    }

    /// <summary>Runs a slice of a look-up's rotations (<see cref="CompiledModel.Work"/>).</summary>
    /// <param name="model">The model; the key is for its parameters, at least.</param>
    /// <param name="step">The index of a look-up step in <c>model.Circuit.Steps</c>.</param>
    /// <param name="firstRotation">The rotation that the slice's first ciphertext is for; where no look-ups share one, that is the element's number.</param>
    /// <param name="slice">The ciphertexts that rotations firstRotation, firstRotation + 1, ... read.</param>
    /// <returns>The results, rotation after rotation.</returns>
    /// <exception cref="ArgumentException">The slice does not fit the step or the key.</exception>
    public LweBatch Apply(CompiledModel model, int step, int firstRotation, LweBatch slice)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(slice);
        LookupWork work = model.Work(step);
        LookupStep lookup = model.Lookup(work.Steps[0]);
        if (!ParameterSuite.Serves(_key.Parameters.Id, model.Parameters.Id))
        {
            throw new ArgumentException($"The model runs on parameters {model.Parameters.Id}, the key is for {_key.Parameters.Id}.", nameof(model));
        }

        LookupKey key = _key.Of(model.ParameterPlan.BigKeyOf(lookup.Source), work.Parameters);
        if (slice.Dimension != key.InputDimension || firstRotation < 0 || firstRotation > work.Rotations.Count - slice.Count)
        {
            throw new ArgumentException($"A slice of {slice.Count} ciphertexts of dimension {slice.Dimension} from rotation {firstRotation} does not fit step '{lookup.Name}' of {work.Rotations.Count} rotations of dimension {key.InputDimension}.", nameof(slice));
        }

        var offsets = new uint[slice.Count];
        var outputs = new int[slice.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            LookupRotation rotation = work.Rotations[firstRotation + i];
            ulong offset = model.Encoding.Offset(lookup.Source, model.Circuit.Ranges[lookup.Source][rotation.Element]);
            offsets[i] = (uint)((offset + 0x80000000UL) >> 32);
            outputs[i] = rotation.Outputs.Count;
        }

        if (!_bootstrappers.TryGetValue(key, out Bootstrapper? bootstrapper))
        {
            _bootstrappers.Add(key, bootstrapper = new Bootstrapper(key, SimdPaths.Best));
        }

        var result = new LweBatch(work.Parameters.BigDimension, outputs.Sum());
        bootstrapper.Bootstrap(slice, offsets, model.Tables(work, firstRotation, slice.Count), result, work.Plan, outputs);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Bootstrapper bootstrapper in _bootstrappers.Values)
        {
            bootstrapper.Dispose();
        }
    }
}
