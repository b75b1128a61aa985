using System.Diagnostics;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// One walk through a circuit, from where the job's state says that it stands. Look-ups are checkpointed but for a short last one, which the result follows at once; linear steps cost
/// little and are computed again where a walk resumes behind them. Computing happens on worker threads; this runs on the job
/// grain's scheduler.
/// </summary>
/// <param name="target">What the job computes on.</param>
/// <param name="state">Where it stands.</param>
/// <param name="model">The model.</param>
/// <param name="blobs">Its blobs.</param>
/// <param name="pool">The silo's threads.</param>
/// <param name="dispatcher">Computes the look-ups.</param>
/// <param name="pending">Told what is left to compute.</param>
/// <param name="save">Stores the state.</param>
/// <param name="isLeaving">Whether the silo stops, so that the walk ends behind its next checkpoint.</param>
internal sealed class JobWalk(JobTarget target, JobState state, CompiledModel model, JobBlobs blobs, WorkerPool pool, SliceDispatcher dispatcher, PendingBootstraps pending, Func<Task> save, Func<bool> isLeaving)
{
    /// <summary>What of computing on one thread a checkpoint is not worth.</summary>
    private static readonly TimeSpan s_shortEnd = TimeSpan.FromMilliseconds(500);

    private readonly LweBatch?[] _values = new LweBatch?[model.Circuit.Steps.Count + 1];

    /// <summary>Walks to the end and writes the result.</summary>
    /// <exception cref="JobFailedException">The job cannot succeed.</exception>
    /// <exception cref="JobHandedOverException">The silo stops; the walk stands behind a checkpoint.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<CircuitStep> steps = model.Circuit.Steps;
        int begun = state.StepsDone;
        state.StepsTotal = steps.Count;
        state.BootstrapsTotal = model.Rotations;
        state.BootstrapsDone = Enumerable.Range(0, begun).Where(s => steps[s] is LookupStep && model.Work(s).Steps[0] == s).Sum(s => model.Work(s).Rotations.Count);
        pending.Set(state.BootstrapsTotal - state.BootstrapsDone);
        if (begun == steps.Count && await blobs.HasResultAsync(cancellation))
        {
            // Only the job's end was not stored.
            return;
        }

        bool isKept = true;
        for (int s = begun; s < steps.Count; s++)
        {
            if (steps[s] is LookupStep && model.Work(s).Steps[0] != s)
            {
                // It came with an earlier step's rotations and lies in a checkpoint since.
                await RequireAsync(s + 1, cancellation);
                Pass(s, isKept);
                Forget(s);
                continue;
            }

            foreach (int source in steps[s].Sources)
            {
                await RequireAsync(source, cancellation);
            }

            if (steps[s] is LookupStep lookup)
            {
                isKept = !IsShortEnd(s);
                await LookUpAsync(model.Work(s), _values[lookup.Source]!, isKept, cancellation);
                await PassAsync(s, isKept);
            }
            else
            {
                _values[s + 1] = await LinearAsync(s, cancellation);
                Pass(s, isKept);
            }

            Forget(s);
        }

        await RequireAsync(model.Circuit.Output.Value, cancellation);
        await blobs.WriteResultAsync(_values[model.Circuit.Output.Value]!, cancellation);
        Pass(steps.Count - 1, isKept: true);
    }

    /// <summary>Whether no rotations follow those of a look-up, and computing it again would cost little.</summary>
    private bool IsShortEnd(int step)
    {
        LookupWork work = model.Work(step);
        return CostModel.Reference.BootstrapMilliseconds(work.Parameters) * work.Rotations.Count <= s_shortEnd.TotalMilliseconds
            && !Enumerable.Range(step + 1, model.Circuit.Steps.Count - step - 1).Any(s => model.Circuit.Steps[s] is LookupStep && model.Work(s).Steps[0] == s);
    }

    /// <summary>Goes past a step: for good, unless the values that the rest needs are kept nowhere.</summary>
    private void Pass(int step, bool isKept)
    {
        state.StepsDone = isKept ? step + 1 : state.StepsDone;
        state.Revision++;
    }

    /// <summary>Goes past a look-up, and stores that where its values are kept.</summary>
    private async Task PassAsync(int step, bool isKept)
    {
        Pass(step, isKept);
        if (isKept)
        {
            await save();
            if (isLeaving())
            {
                throw new JobHandedOverException();
            }
        }
    }

    private async Task LookUpAsync(LookupWork work, LweBatch source, bool hasCheckpoint, CancellationToken cancellation)
    {
        using Activity? span = GrainsTracing.Layer("look-up", work.Steps[0], work.Rotations.Count);
        int slices = 0;
        LweBatch[] results = await dispatcher.RunAsync(
            work,
            source,
            (silo, bootstraps) =>
            {
                slices++;
                Count(silo, bootstraps);
            },
            cancellation);
        _ = span?.SetTag("blindgrain.layer.slices", slices).AddEvent(new ActivityEvent("computed"));
        for (int i = 0; i < results.Length; i++)
        {
            if (hasCheckpoint)
            {
                await blobs.WriteValueAsync(work.Steps[i] + 1, results[i], cancellation);
            }

            _values[work.Steps[i] + 1] = results[i];
        }
    }

    private void Count(string silo, int bootstraps)
    {
        state.SlicesBySilo[silo] = state.SlicesBySilo.GetValueOrDefault(silo) + 1;
        state.BootstrapsDone += bootstraps;
        pending.Set(state.BootstrapsTotal - state.BootstrapsDone);
        state.Revision++;
    }

    /// <summary>Brings a value back that an earlier walk had: from the input, from its checkpoint, or computed again.</summary>
    private async Task RequireAsync(int value, CancellationToken cancellation)
    {
        if (_values[value] is not null)
        {
            return;
        }

        if (value == 0)
        {
            byte[] input = await blobs.ReadInputAsync(model);
            _values[0] = await pool.RunAsync(target.Tenant, target.Job, target.Urgency, () => JobBlobs.Expand(input, model), cancellation);
        }
        else if (model.Circuit.Steps[value - 1] is LookupStep lookup)
        {
            _values[value] = await blobs.ReadValueAsync(value, model.DimensionOf(value), lookup.OutputLength);
        }
        else
        {
            foreach (int source in model.Circuit.Steps[value - 1].Sources)
            {
                await RequireAsync(source, cancellation);
            }

            _values[value] = await LinearAsync(value - 1, cancellation);
        }
    }

    private async Task<LweBatch> LinearAsync(int step, CancellationToken cancellation)
    {
        using Activity? span = GrainsTracing.Layer("linear", step, 0);
        return await pool.RunAsync(target.Tenant, target.Job, target.Urgency, () => LinearEvaluator.Apply(model, step, _values), cancellation);
    }

    /// <summary>Lets go of the values that no step behind <paramref name="step"/> reads.</summary>
    private void Forget(int step)
    {
        for (int value = 0; value <= step; value++)
        {
            if (_values[value] is not null && value != model.Circuit.Output.Value && !model.Circuit.Steps.Skip(step + 1).Any(s => s.Sources.Contains(value)))
            {
                _values[value] = null;
            }
        }
    }
}
