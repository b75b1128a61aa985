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
    public LweBatch Apply(CompiledModel model, int step, int firstRotation, LweBatch slice) => Apply([new LookupRun(model, step, firstRotation, slice)])[0];

    /// <summary>Computes several runs together, of one step or of different steps, models and jobs: they share each pass over the key, and the results are word for word those of each run alone.</summary>
    /// <param name="runs">The runs, at least one; all of one <see cref="LookupPass"/>.</param>
    /// <returns>The results of each run, rotation after rotation.</returns>
    /// <exception cref="ArgumentException">A run does not fit its step, the key or the first run.</exception>
    public LweBatch[] Apply(IReadOnlyList<LookupRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        var pass = LookupPass.Of(runs[0].Model, runs[0].Step);
        LookupWork first = runs[0].Model.Work(runs[0].Step);
        LookupKey key = KeyOf(runs[0].Model, pass.From, first);
        int count = runs.Sum(r => r.Ciphertexts.Count), at = 0;
        LweBatch input = runs.Count == 1 ? runs[0].Ciphertexts : new LweBatch(key.InputDimension, count);
        var offsets = new uint[count];
        var outputs = new int[count];
        var tables = new ulong[count][];
        foreach (LookupRun run in runs)
        {
            LookupWork work = Check(run, pass, key);
            if (runs.Count > 1)
            {
                input.Put(at, run.Ciphertexts);
            }

            int source = run.Model.Lookup(work.Steps[0]).Source;
            for (int i = 0; i < run.Ciphertexts.Count; i++)
            {
                LookupRotation rotation = work.Rotations[run.FirstRotation + i];
                ulong offset = run.Model.Encoding.Offset(source, run.Model.Circuit.Ranges[source][rotation.Element]);
                offsets[at + i] = (uint)((offset + 0x80000000UL) >> 32);
                outputs[at + i] = rotation.Outputs.Count;
            }

            run.Model.Tables(work, run.FirstRotation, run.Ciphertexts.Count).CopyTo(tables, at);
            at += run.Ciphertexts.Count;
        }

        if (!_bootstrappers.TryGetValue(key, out Bootstrapper? bootstrapper))
        {
            _bootstrappers.Add(key, bootstrapper = new Bootstrapper(key, SimdPaths.Best));
        }

        var result = new LweBatch(first.Parameters.BigDimension, outputs.Sum());
        bootstrapper.Bootstrap(input, offsets, tables, result, pass.Plan, outputs);
        return runs.Count == 1 ? [result] : Split(result, runs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Bootstrapper bootstrapper in _bootstrappers.Values)
        {
            bootstrapper.Dispose();
        }
    }

    private static LweBatch[] Split(LweBatch result, IReadOnlyList<LookupRun> runs)
    {
        var parts = new LweBatch[runs.Count];
        for (int i = 0, at = 0; i < parts.Length; i++)
        {
            int count = runs[i].Model.Work(runs[i].Step).OutputsOf(runs[i].FirstRotation, runs[i].Ciphertexts.Count);
            parts[i] = result.Slice(at, count);
            at += count;
        }

        return parts;
    }

    private static LookupWork Check(LookupRun run, LookupPass pass, LookupKey key)
    {
        LookupWork work = run.Model.Work(run.Step);
        string name = run.Model.Lookup(work.Steps[0]).Name;
        if (LookupPass.Of(run.Model, run.Step) != pass)
        {
            throw new ArgumentException($"Step '{name}' cannot share a pass over the keys: its rotations are of another parameter set, big key or plan.", nameof(run));
        }

        return run.Ciphertexts.Dimension == key.InputDimension && run.FirstRotation >= 0 && run.FirstRotation <= work.Rotations.Count - run.Ciphertexts.Count
            ? work
            : throw new ArgumentException($"A slice of {run.Ciphertexts.Count} ciphertexts of dimension {run.Ciphertexts.Dimension} from rotation {run.FirstRotation} does not fit step '{name}' of {work.Rotations.Count} rotations of dimension {key.InputDimension}.", nameof(run));
    }

    private LookupKey KeyOf(CompiledModel model, GlweParameters from, LookupWork work) => ParameterSuite.Serves(_key.Parameters.Id, model.Parameters.Id)
        ? _key.Of(from, work.Parameters)
        : throw new ArgumentException($"The model runs on parameters {model.Parameters.Id}, the key is for {_key.Parameters.Id}.", nameof(model));
}
