using BlindGrain.Engine.Tfhe.Ciphertexts;

namespace BlindGrain.Engine.Execution;

/// <summary>Linear steps on ciphertexts: needs no key. Stateless and thread-safe.</summary>
public static class LinearEvaluator
{
    /// <summary>Evaluates linear step <paramref name="step"/> of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The step's index in <c>model.Circuit.Steps</c>, a <c>LinearStep</c>.</param>
    /// <param name="values">The ciphertexts of the values so far, by value number; those the step reads must be there.</param>
    /// <returns>One ciphertext a row.</returns>
    public static LweBatch Apply(CompiledModel model, int step, IReadOnlyList<LweBatch?> values) => throw new NotImplementedException();
}
