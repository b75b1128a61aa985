using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Jobs;

/// <summary>
/// Spreads the look-up steps of one walk over the cluster: cuts them into slices by measured cost, keeps a bounded number in flight on each silo, waits where a worker is
/// busy, sends a slice elsewhere when its silo fails, is lost or falls silent, and a second time when it takes much longer than others: the first result counts, whoever
/// computes the other is told to stop. Runs on the job grain's scheduler. The decisions are <see cref="Scheduling"/>'s.
/// </summary>
/// <param name="target">What every request of the job says.</param>
/// <param name="model">The model.</param>
/// <param name="workers">The cluster.</param>
/// <param name="threads">The threads of one silo's worker.</param>
/// <param name="costs">What rotations were measured to take, on this silo's jobs' behalf.</param>
/// <param name="options">The settings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class SliceDispatcher(
    JobTarget target, CompiledModel model, IWorkers workers, int threads, CostBook<LookupPass> costs, WorkerOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_shortTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_failurePause = TimeSpan.FromSeconds(1);

    /// <summary>Answers of a silo that does not hold a slice, and has not answered it, until the slice counts as lost on the way.</summary>
    private const int MostMissed = 2;

    /// <summary>A slice is no straggler before this many times what it should take.</summary>
    private const int LeastOvertime = 5;

    private readonly SliceSender _sender = new(new SliceOwner(target.Tenant, target.Job, Guid.NewGuid()), workers, time);
    private readonly SiloLoads<SiloAddress> _loads = new(Math.Max(2, 2 * threads), time);
    private readonly SiloWatch<SiloAddress> _watch = new(options.SilentAfter, time);
    private readonly SliceSize _sizes = new(options.SliceDuration);
    private readonly Dictionary<LookupPass, StragglerClock> _clocks = [];
    private readonly List<Flight> _flights = [];
    private readonly HashSet<SiloAddress> _used = [];

    /// <summary>Computes the look-ups of one step, and those of others that come from the same rotations.</summary>
    /// <param name="work">The rotations.</param>
    /// <param name="source">What they read.</param>
    /// <param name="done">Told of every slice: the silo and the number of rotations.</param>
    /// <param name="cancellation">Stops within a pass over the key; the workers drop what waits.</param>
    /// <returns>What each step of the work yields.</returns>
    /// <exception cref="JobFailedException">A slice was refused, or failed too often.</exception>
    public async Task<LweBatch[]> RunAsync(LookupWork work, LweBatch source, Action<string, int> done, CancellationToken cancellation)
    {
        var layer = new Layer(work, source);
        var pass = LookupPass.Of(model, layer.Step);
        StragglerClock stragglers = ClockOf(pass);
        try
        {
            using ITimer ticks = _sender.Tick(s_tick);
            bool hurries = false;
            while (!layer.IsDone)
            {
                cancellation.ThrowIfCancellationRequested();
                Look(layer);
                Launch(layer, pass);
                Hedge(layer, stragglers);
                if (hurries != (layer.HasWaiting && layer.Flying.Count == 0))
                {
                    // Nothing will come that could be waited for: the next step is when a silo's pause ends.
                    hurries = !hurries;
                    _ = ticks.Change(hurries ? s_shortTick : s_tick, hurries ? s_shortTick : s_tick);
                }

                Hear(await _sender.Reports.ReadAsync(cancellation), pass, stragglers, done);
                while (_sender.Reports.TryRead(out Report? report))
                {
                    Hear(report, pass, stragglers, done);
                }
            }
        }
        catch
        {
            await CancelAsync();
            throw;
        }

        return layer.Results;
    }

    /// <summary>Gives up on silos that membership has lost, and asks those that have not been heard of what they hold.</summary>
    private void Look(Layer layer)
    {
        _watch.Look();
        HashSet<SiloAddress> present = [.. workers.Active, .. workers.Leaving];
        foreach (Flight flight in _flights.Where(f => !present.Contains(f.Silo)).ToArray())
        {
            Fail(flight, null);
        }

        foreach (SiloAddress silo in layer.Flying.SelectMany(s => s.Flights).Select(f => f.Silo).Distinct().Where(_watch.TryAsk).ToArray())
        {
            _sender.AskHeld(silo);
        }
    }

    private void Launch(Layer layer, LookupPass pass)
    {
        if (!layer.HasWaiting)
        {
            return;
        }

        SiloAddress[] homes = Homes();
        double milliseconds = costs.Find(pass) ?? CostModel.Reference.BootstrapMilliseconds(layer.Work.Parameters);
        int worth = _sizes.Silos(layer.Work.Rotations.Count, milliseconds, threads, homes.Length);
        while (layer.HasWaiting && _loads.TryTake(homes, worth, out SiloAddress? silo, out bool spill))
        {
            Send(layer.Next(() => _sizes.Next(layer.Uncut, layer.CiphertextBytes, milliseconds, threads * worth, pass.Capacity)), silo!, spill);
        }
    }

    /// <summary>Sends slices a second time: those of silent silos, and, once there is nothing else to send, those that take much longer than others did.</summary>
    private void Hedge(Layer layer, StragglerClock stragglers)
    {
        foreach (Slice slice in layer.Flying.ToArray())
        {
            Flight first = slice.Flights[0];
            bool isSilent = slice.Flights.TrueForAll(f => _watch.IsSilent(f.Silo));
            bool isSlow = !layer.HasWaiting && slice.Flights.Count == 1 && stragglers.Limit(slice.Count) < time.GetElapsedTime(first.Sent);
            if (!isSilent && !isSlow)
            {
                continue;
            }

            SiloAddress[] others = [.. Homes().Where(s => !slice.Flights.Exists(f => f.Silo.Equals(s)))];
            if (_loads.TryTake(others, others.Length, out SiloAddress? silo, out bool spill))
            {
                GrainsLog.SliceHedged(logger, first.Silo.ToString(), isSilent ? "silent" : "slow", target.Job, layer.Step, silo!.ToString());
                Send(slice, silo, spill && !isSilent);
            }
        }
    }

    /// <summary>The silos that may get work, the key set's first home first.</summary>
    private SiloAddress[] Homes() => HomeSilos.Rank(target.Tenant, target.KeySet, workers.Active.Where(s => !_watch.IsSilent(s)));

    private void Send(Slice slice, SiloAddress silo, bool spill)
    {
        _watch.Sent(silo, isFirst: _flights.TrueForAll(f => !f.Silo.Equals(silo)));
        _ = _used.Add(silo);
        var flight = new Flight(slice, silo, time.GetTimestamp());
        _flights.Add(flight);
        slice.Flights.Add(flight);
        if (slice.Flights.Count == 1)
        {
            slice.Layer.Flying.Add(slice);
        }

        _sender.Send(flight, target.Request(_sender.Owner, slice.Name, slice.Layer.Inputs(slice), spill));
    }

    private void Hear(Report report, LookupPass pass, StragglerClock stragglers, Action<string, int> done)
    {
        switch (report)
        {
            case Report.Holding holding:
                _watch.Told(holding.Silo);
                if (holding.Slices is not null)
                {
                    _watch.Answered(holding.Silo);
                    Miss(holding);
                }

                break;
            case Report.Answer { Flight.IsGone: false } answer when Land(answer) is { } landed:
                // A result of an earlier layer's straggler does not get here: its slice was done.
                costs.Observe(pass, landed.Flight.Slice.Count, landed.Result.Computed.TotalMilliseconds);
                stragglers.Observe(landed.Flight.Slice.Count, time.GetElapsedTime(landed.Flight.Sent));
                done(landed.Result.Silo, landed.Flight.Slice.Count);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes an answer in; the flight and its result where that is the slice's first.</summary>
    private (Flight Flight, SliceResult Result)? Land(Report.Answer answer)
    {
        (Flight flight, Slice slice) = (answer.Flight, answer.Flight.Slice);
        if (answer.Result is not { } result)
        {
            Fail(flight, answer.Failure);
            return null;
        }

        _watch.Answered(flight.Silo);
        if (slice.IsDone)
        {
            Leave(flight);
            _loads.Done(flight.Silo);
            return null;
        }

        if (result.ErrorCode is { } code)
        {
            throw new JobFailedException(code, result.Error ?? "The worker gave no reason.");
        }

        if (result.BusyRetryAfter is { } pause)
        {
            Leave(flight);
            _loads.Busy(flight.Silo, pause);
            SendAgain(slice);
            return null;
        }

        if (result.Ciphertexts is not { } ciphertexts || !slice.Layer.TryLand(slice, ciphertexts))
        {
            Fail(flight, null);
            return null;
        }

        Leave(flight);
        _loads.Done(flight.Silo);
        foreach (Flight loser in slice.Flights)
        {
            _ = _sender.CancelAsync(loser.Silo, [slice.Name]);
        }

        return (flight, result);
    }

    /// <summary>Slices that their silo neither holds nor has answered were lost on the way, there or back.</summary>
    private void Miss(Report.Holding holding)
    {
        foreach (Flight flight in _flights.Where(f => f.Silo.Equals(holding.Silo) && !f.Slice.IsDone && f.Sent < holding.Asked).ToArray())
        {
            flight.Missed = holding.Slices!.Contains(flight.Slice.Name) ? 0 : flight.Missed + 1;
            if (flight.Missed >= MostMissed)
            {
                Fail(flight, null);
            }
        }
    }

    private void Fail(Flight flight, Exception? failure)
    {
        Leave(flight);
        _loads.Failed(flight.Silo, s_failurePause);
        Slice slice = flight.Slice;
        if (slice.IsDone)
        {
            return;
        }

        GrainsLog.SliceFailed(logger, flight.Silo.ToString(), target.Job, slice.Layer.Step, failure);
        if (++slice.Failures >= options.SliceTries && slice.Flights.Count == 0)
        {
            throw new JobFailedException(JobErrors.WorkerUnavailable, $"A slice of step '{model.Circuit.Steps[slice.Layer.Step].Name}' could not be computed in {options.SliceTries} tries.", failure);
        }

        SendAgain(slice);
    }

    private void Leave(Flight flight)
    {
        flight.IsGone = true;
        _ = _flights.Remove(flight);
        _ = flight.Slice.Flights.Remove(flight);
    }

    /// <summary>Has a slice sent again, unless it is still under way elsewhere.</summary>
    private static void SendAgain(Slice slice)
    {
        if (slice.Flights.Count == 0)
        {
            slice.Layer.Again(slice);
        }
    }

    private StragglerClock ClockOf(LookupPass pass)
    {
        if (!_clocks.TryGetValue(pass, out StragglerClock? clock))
        {
            _clocks.Add(pass, clock = new StragglerClock(options.SliceDuration * LeastOvertime));
        }

        return clock;
    }

    private async Task CancelAsync()
    {
        SiloAddress[] silos = [.. _used.Intersect([.. workers.Active, .. workers.Leaving])];
        Exception?[] failures = await Task.WhenAll(silos.Select(s => _sender.CancelAsync(s, null)));
        foreach ((SiloAddress silo, Exception? failure) in silos.Zip(failures).Where(s => s.Second is not null))
        {
            // What it still computes is thrown away when it comes.
            GrainsLog.SiloNotTold(logger, silo.ToString(), "a cancelled job", failure!);
        }
    }
}
