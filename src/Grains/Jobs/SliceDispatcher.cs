using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Spreads a look-up step of one job over the cluster: cuts it into slices, keeps a bounded number in flight on each silo,
/// waits where a worker is busy, and sends a slice elsewhere when its silo fails or is lost. Runs on the job grain's scheduler.
/// </summary>
/// <param name="target">What every request of the job says.</param>
/// <param name="model">The model.</param>
/// <param name="workers">The cluster.</param>
/// <param name="threads">The threads of one silo's worker.</param>
/// <param name="tries">How often a slice is tried.</param>
/// <param name="logger">The log.</param>
internal sealed class SliceDispatcher(JobTarget target, CompiledModel model, IWorkers workers, int threads, int tries, ILogger logger)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortTick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_failurePause = TimeSpan.FromSeconds(1);
    private readonly SiloLoads _loads = new(Math.Max(2, 2 * threads), TimeProvider.System);
    private readonly HashSet<SiloAddress> _used = [];

    /// <summary>Computes the look-ups of one step, and those of others that come from the same rotations.</summary>
    /// <param name="work">The rotations.</param>
    /// <param name="source">What they read.</param>
    /// <param name="done">Told of every slice: the silo and the number of rotations.</param>
    /// <param name="cancellation">Stops within a slice; the workers drop what waits.</param>
    /// <returns>What each step of the work yields.</returns>
    /// <exception cref="JobFailedException">A slice was refused, or failed too often.</exception>
    public async Task<LweBatch[]> RunAsync(LookupWork work, LweBatch source, Action<string, int> done, CancellationToken cancellation)
    {
        LweBatch[] results = work.NewResults();
        Queue<Slice> waiting = Cut(work, source);
        var flying = new List<Flight>();
        try
        {
            while (waiting.Count > 0 || flying.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                IReadOnlyCollection<SiloAddress> active = workers.Active;
                Abandon(flying, waiting, active, work);
                Launch(flying, waiting, HomeSilos.Rank(target.Tenant, target.KeySet, active), work, source);
                Task tick = Task.Delay(waiting.Count > 0 && flying.Count == 0 ? s_shortTick : s_tick, cancellation);
                _ = await Task.WhenAny([tick, .. flying.Select(f => f.Answer)]);
                foreach (Flight flight in flying.Where(f => f.Answer.IsCompleted).ToArray())
                {
                    _ = flying.Remove(flight);
                    if (Land(flight, waiting, work, results))
                    {
                        done((await flight.Answer).Result!.Silo, flight.Slice.Count);
                    }
                }
            }
        }
        catch
        {
            await CancelAsync();
            throw;
        }

        return results;
    }

    private Queue<Slice> Cut(LookupWork work, LweBatch source)
    {
        int count = work.Rotations.Count;
        int size = SliceSize.For(count, Math.Max(LweBatch.ByteSize(source.Dimension, 1), LweBatch.ByteSize(work.Parameters.BigDimension, work.MostOutputs)), threads * Math.Max(1, workers.Active.Count));
        var slices = new Queue<Slice>();
        for (int first = 0; first < count; first += size)
        {
            slices.Enqueue(new Slice(first, Math.Min(size, count - first)));
        }

        return slices;
    }

    /// <summary>Gives up on silos that membership no longer calls active; a late answer of theirs is not waited for.</summary>
    private void Abandon(List<Flight> flying, Queue<Slice> waiting, IReadOnlyCollection<SiloAddress> active, LookupWork work)
    {
        foreach (Flight flight in flying.Where(f => !f.Answer.IsCompleted && !active.Contains(f.Silo)).ToArray())
        {
            _ = flying.Remove(flight);
            Retry(flight, waiting, work, null);
        }
    }

    private void Launch(List<Flight> flying, Queue<Slice> waiting, SiloAddress[] ranked, LookupWork work, LweBatch source)
    {
        while (waiting.Count > 0 && _loads.TryTake(ranked) is { } silo)
        {
            Slice slice = waiting.Dequeue();
            _ = _used.Add(silo);
            flying.Add(new Flight(slice, silo, SendAsync(silo, target.Request(work.Steps[0], slice.First, work.Inputs(source, slice.First, slice.Count)))));
        }
    }

    /// <summary>Never fails: an exception is an answer, so that an abandoned flight needs no observer.</summary>
    private async Task<Answer> SendAsync(SiloAddress silo, SliceRequest request)
    {
        try
        {
            return new Answer(await workers.On(silo).Execute(request), null);
        }
        catch (Exception e)
        {
            return new Answer(null, e);
        }
    }

    /// <summary>Takes an answer in; true where the slice is done.</summary>
    private bool Land(Flight flight, Queue<Slice> waiting, LookupWork work, LweBatch[] results)
    {
        Answer answer = flight.Answer.Result;
        switch (answer.Result)
        {
            case { ErrorCode: { } code } refused:
                throw new JobFailedException(code, refused.Error ?? "The worker gave no reason.");
            case { BusyRetryAfter: { } pause }:
                _loads.Pause(flight.Silo, pause);
                waiting.Enqueue(flight.Slice);
                return false;
            case { Ciphertexts: { } ciphertexts } when ciphertexts.Dimension == results[0].Dimension.Value && ciphertexts.Data.Length == LweBatch.ByteSize(results[0].Dimension, work.OutputsOf(flight.Slice.First, flight.Slice.Count)):
                work.Place(flight.Slice.First, flight.Slice.Count, new LweBatch(results[0].Dimension, ciphertexts.Data), results);
                _loads.Done(flight.Silo);
                return true;
            default:
                Retry(flight, waiting, work, answer.Failure);
                return false;
        }
    }

    private void Retry(Flight flight, Queue<Slice> waiting, LookupWork work, Exception? failure)
    {
        int step = work.Steps[0];
        GrainsLog.SliceFailed(logger, flight.Silo.ToString(), target.Job, step, failure);
        _loads.Pause(flight.Silo, s_failurePause);
        Slice slice = flight.Slice with { Tries = flight.Slice.Tries + 1 };
        if (slice.Tries >= tries)
        {
            throw new JobFailedException(JobErrors.WorkerUnavailable, $"A slice of step '{model.Circuit.Steps[step].Name}' could not be computed in {tries} tries.", failure);
        }

        waiting.Enqueue(slice);
    }

    private async Task CancelAsync()
    {
        foreach (SiloAddress silo in _used.Intersect(workers.Active))
        {
            try
            {
                await workers.On(silo).CancelJob(target.Tenant, target.Job);
            }
            catch (Exception e)
            {
                // What it still computes is thrown away when it comes.
                GrainsLog.SiloNotTold(logger, silo.ToString(), "a cancelled job", e);
            }
        }
    }

    private sealed record Slice(int First, int Count, int Tries = 0);

    private sealed record Answer(SliceResult? Result, Exception? Failure);

    private sealed record Flight(Slice Slice, SiloAddress Silo, Task<Answer> Answer);
}
