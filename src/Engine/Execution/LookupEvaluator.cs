using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Look-up steps on ciphertexts: one programmable bootstrap an element, deterministic for given keys and ciphertexts.
/// An instance holds the work space of one thread: use one a thread. It works on the calling thread only.
/// </summary>
public sealed class LookupEvaluator : IDisposable
{
    /// <summary>Makes the work space for a parameter set's bootstraps.</summary>
    public LookupEvaluator(ServerKey key) => throw new NotImplementedException();

    /// <summary>Bootstraps a slice of look-up step <paramref name="step"/>.</summary>
    /// <param name="model">The model; its parameters are the key's.</param>
    /// <param name="step">The step's index in <c>model.Circuit.Steps</c>, a <c>LookupStep</c>.</param>
    /// <param name="firstElement">The element that the slice's first ciphertext is.</param>
    /// <param name="slice">The ciphertexts of elements firstElement, firstElement + 1, ...</param>
    /// <returns>The results, in the same order.</returns>
    /// <exception cref="ArgumentException">The slice does not fit the step or the key.</exception>
    public LweBatch Apply(CompiledModel model, int step, int firstElement, LweBatch slice) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
