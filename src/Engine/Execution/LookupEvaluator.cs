using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Look-up steps on ciphertexts: one programmable bootstrap an element, deterministic for given keys and ciphertexts.
/// An instance holds the work space of one thread: use one a thread. It works on the calling thread only, and the key must
/// outlive it.
/// </summary>
public sealed class LookupEvaluator : IDisposable
{
    private readonly ServerKey _key;
    private readonly Bootstrapper _bootstrapper;

    /// <summary>Makes the work space for a key's bootstraps.</summary>
    public LookupEvaluator(ServerKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        _bootstrapper = new Bootstrapper(key);
    }

    /// <summary>Bootstraps a slice of look-up step <paramref name="step"/>.</summary>
    /// <param name="model">The model; its parameters are the key's.</param>
    /// <param name="step">The step's index in <c>model.Circuit.Steps</c>, a <c>LookupStep</c>.</param>
    /// <param name="firstElement">The element that the slice's first ciphertext is.</param>
    /// <param name="slice">The ciphertexts of elements firstElement, firstElement + 1, ...</param>
    /// <returns>The results, in the same order.</returns>
    /// <exception cref="ArgumentException">The slice does not fit the step or the key.</exception>
    public LweBatch Apply(CompiledModel model, int step, int firstElement, LweBatch slice)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(slice);
        LookupStep lookup = model.Lookup(step);
        if (model.Parameters.Id != _key.Parameters.Id)
        {
            throw new ArgumentException($"The model runs on parameters {model.Parameters.Id}, the key is for {_key.Parameters.Id}.", nameof(model));
        }

        if (slice.Dimension != _key.Parameters.BigDimension || firstElement < 0 || firstElement > lookup.OutputLength - slice.Count)
        {
            throw new ArgumentException($"A slice of {slice.Count} ciphertexts of dimension {slice.Dimension} from element {firstElement} does not fit step '{lookup.Name}' of {lookup.OutputLength} elements of dimension {_key.Parameters.BigDimension}.", nameof(slice));
        }

        var offsets = new uint[slice.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            ulong offset = model.Encoding.Offset(lookup.Source, model.Circuit.Ranges[lookup.Source][firstElement + i]);
            offsets[i] = (uint)((offset + 0x80000000UL) >> 32);
        }

        var result = new LweBatch(slice.Dimension, slice.Count);
        _bootstrapper.Bootstrap(slice, offsets, model.Tables(step, firstElement, slice.Count), result, model.Plan(step));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _bootstrapper.Dispose();
}
