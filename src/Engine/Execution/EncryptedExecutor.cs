using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Engine.Execution;

/// <summary>Runs a compiled model on ciphertexts in this process, on a number of threads: what a silo does, without a cluster.</summary>
public sealed class EncryptedExecutor : IDisposable
{
    private readonly CompiledModel _model;
    private readonly LookupEvaluator[] _evaluators;

    /// <summary>Joins a model and its keys; the keys must outlive the executor.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">The evaluation keys, of the model's parameters at least.</param>
    /// <param name="threads">How many threads share each step, at least 1.</param>
    public EncryptedExecutor(CompiledModel model, ServerKey key, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _model = model;
        _evaluators = [.. Enumerable.Range(0, threads).Select(_ => new LookupEvaluator(key))];
    }

    /// <summary>The circuit's output for one encrypted input.</summary>
    /// <exception cref="ArgumentException">The input has another number of ciphertexts or another dimension.</exception>
    public LweBatch Run(LweBatch input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Count != _model.Circuit.Input.Length || input.Dimension != _model.DimensionOf(0))
        {
            throw new ArgumentException($"The model takes {_model.Circuit.Input.Length} ciphertexts of dimension {_model.DimensionOf(0)}, not {input.Count} of dimension {input.Dimension}.", nameof(input));
        }

        var values = new LweBatch?[_model.Circuit.Steps.Count + 1];
        values[0] = input;
        for (int s = 0; s < _model.Circuit.Steps.Count; s++)
        {
            if (_model.Circuit.Steps[s] is not LookupStep lookup)
            {
                values[s + 1] = LinearEvaluator.Apply(_model, s, values, _evaluators.Length);
            }
            else if (values[s + 1] is null)
            {
                LookUp(_model.Work(s), values[lookup.Source]!, values);
            }
        }

        return values[_model.Circuit.Output.Value]!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LookupEvaluator evaluator in _evaluators)
        {
            evaluator.Dispose();
        }
    }

    private void LookUp(LookupWork work, LweBatch source, LweBatch?[] values)
    {
        LweBatch[] results = work.NewResults();
        int rotations = work.Rotations.Count, threads = Math.Min(_evaluators.Length, rotations);
        _ = Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t =>
        {
            int first = (int)((long)rotations * t / threads), count = (int)((long)rotations * (t + 1) / threads) - first;
            work.Place(first, count, _evaluators[t].Apply(_model, work.Steps[0], first, work.Inputs(source, first, count)), results);
        });
        for (int i = 0; i < results.Length; i++)
        {
            values[work.Steps[i] + 1] = results[i];
        }
    }
}
