using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>An element of a look-up step: where one output of a blind rotation goes.</summary>
/// <param name="Step">The step's index.</param>
/// <param name="Element">The element.</param>
public readonly record struct LookupOutput(int Step, int Element);

/// <summary>One blind rotation: it reads one ciphertext and yields one or more look-ups of it.</summary>
/// <param name="Element">The element of the value read.</param>
/// <param name="Outputs">What it yields, at most 2^θ outputs of its plan.</param>
public sealed record LookupRotation(int Element, IReadOnlyList<LookupOutput> Outputs);

/// <summary>
/// The blind rotations that compute one or more look-up steps reading the same ciphertexts. What travels to a worker and back is a run of rotations: their
/// inputs one way, all their outputs, rotation after rotation, the other. Immutable.
/// </summary>
public sealed class LookupWork
{
    private readonly int[] _firstOutput;

    internal LookupWork(IReadOnlyList<int> steps, IReadOnlyList<int> lengths, IReadOnlyList<LookupRotation> rotations, ParameterSet parameters, RotationPlan plan)
    {
        Steps = steps;
        Lengths = lengths;
        Rotations = rotations;
        Parameters = parameters;
        Plan = plan;
        _firstOutput = new int[rotations.Count + 1];
        for (int i = 0; i < rotations.Count; i++)
        {
            _firstOutput[i + 1] = _firstOutput[i] + rotations[i].Outputs.Count;
        }
    }

    /// <summary>The look-up steps computed, in evaluation order: the first is when it happens.</summary>
    public IReadOnlyList<int> Steps { get; }

    /// <summary>The elements of each step.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The rotations.</summary>
    public IReadOnlyList<LookupRotation> Rotations { get; }

    /// <summary>The parameter set of all rotations: results are under its big key.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>How each rotation uses the parameters.</summary>
    public RotationPlan Plan { get; }

    /// <summary>The most outputs of any rotation.</summary>
    public int MostOutputs => Rotations.Max(r => r.Outputs.Count);

    /// <summary>The outputs of rotations [<paramref name="first"/>, first + <paramref name="count"/>).</summary>
    public int OutputsOf(int first, int count) => _firstOutput[first + count] - _firstOutput[first];

    /// <summary>The ciphertexts that rotations [<paramref name="first"/>, first + <paramref name="count"/>) read.</summary>
    /// <param name="source">The value that the steps read.</param>
    /// <param name="first">The first rotation.</param>
    /// <param name="count">How many.</param>
    public LweBatch Inputs(LweBatch source, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        var inputs = new LweBatch(source.Dimension, count);
        for (int i = 0; i < count; i++)
        {
            source[Rotations[first + i].Element].CopyTo(inputs[i]);
        }

        return inputs;
    }

    /// <summary>Room for what each of the steps yields.</summary>
    public LweBatch[] NewResults() => [.. Lengths.Select(l => new LweBatch(Parameters.BigDimension, l))];

    /// <summary>Puts what a run of rotations yielded in its places. Runs that do not overlap may be placed in parallel.</summary>
    /// <param name="first">The first rotation.</param>
    /// <param name="count">How many.</param>
    /// <param name="outputs">All their outputs.</param>
    /// <param name="results">What <see cref="NewResults"/> made.</param>
    /// <exception cref="ArgumentException">Another number of outputs.</exception>
    public void Place(int first, int count, LweBatch outputs, IReadOnlyList<LweBatch> results)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(results);
        if (outputs.Count != OutputsOf(first, count))
        {
            throw new ArgumentException($"{count} rotations from number {first} on yield {OutputsOf(first, count)} ciphertexts, not {outputs.Count}.", nameof(outputs));
        }

        int next = 0;
        for (int i = first; i < first + count; i++)
        {
            foreach (LookupOutput output in Rotations[i].Outputs)
            {
                outputs[next++].CopyTo(results[NumberOf(output.Step)][output.Element]);
            }
        }
    }

    /// <summary>Which of <see cref="Steps"/> a step is.</summary>
    internal int NumberOf(int step)
    {
        int number = 0;
        while (Steps[number] != step)
        {
            number++;
        }

        return number;
    }
}
