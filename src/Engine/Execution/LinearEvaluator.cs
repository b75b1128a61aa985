using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Ciphertexts;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Linear steps on ciphertexts: y_r = Σ w·x_c word by word modulo 2^32, plus bias·Δ on the body. Needs no key. Stateless and
/// thread-safe.
/// </summary>
public static class LinearEvaluator
{
    /// <summary>Evaluates linear step <paramref name="step"/> of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The step's index in <c>model.Circuit.Steps</c>, a <c>LinearStep</c>.</param>
    /// <param name="values">The ciphertexts of the values so far, by value number; those the step reads must be there.</param>
    /// <param name="threads">How many threads of the pool share the work, at least 1; with 1 it stays on the calling thread.</param>
    /// <returns>One ciphertext a row.</returns>
    /// <exception cref="ArgumentException">The step is not linear, or a value it reads is missing or has another shape.</exception>
    public static LweBatch Apply(CompiledModel model, int step, IReadOnlyList<LweBatch?> values, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (step < 0 || step >= model.Circuit.Steps.Count || model.Circuit.Steps[step] is not LinearStep linear)
        {
            throw new ArgumentException($"Step {step} of circuit '{model.Circuit.Name}' is not linear.", nameof(step));
        }

        var result = new LweBatch(model.DimensionOf(step + 1), linear.OutputLength);
        int row = result.Dimension.Value + 1;
        foreach (LinearTerm term in linear.Terms)
        {
            LweBatch source = term.Source < values.Count && values[term.Source] is { } present ? present
                : throw new ArgumentException($"Step '{linear.Name}' reads value {term.Source}, which is not there.", nameof(values));
            if (source.Dimension != result.Dimension || source.Count != term.Matrix.Columns)
            {
                throw new ArgumentException($"Step '{linear.Name}' reads {term.Matrix.Columns} ciphertexts of dimension {result.Dimension} from value {term.Source}, not {source.Count} of dimension {source.Dimension}.", nameof(values));
            }

            LinearKernel.AddProduct(term.Matrix, source.Words, result.Words, row, threads);
        }

        ulong delta = model.Encoding.Delta(step + 1);
        for (int r = 0; r < linear.OutputLength; r++)
        {
            result[r][^1] += (uint)((((ulong)linear.Bias[r] * delta) + 0x80000000UL) >> 32);
        }

        return result;
    }
}
