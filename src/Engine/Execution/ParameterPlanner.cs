using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// Chooses the parameters of a circuit's look-ups. First the one set that is fastest for all of them; then further sets, one at a time, for the look-ups that each makes faster, as long as
/// every one takes enough off the time of an inference to be worth its keys. A greedy search: a set is tried that is the fastest for some look-up among otherwise unchanged ones.
/// </summary>
internal sealed class ParameterPlanner(FheCircuit circuit, ValueEncoding encoding, ExecutionMode mode, ParameterOptimizer optimizer)
{
    private readonly LinearNorms _norms = new(circuit);

    private readonly int[] _group = ValueGroups.Of(circuit);

    /// <summary>The fastest plan, or null where no set meets the mode at every look-up.</summary>
    public ParameterPlan? Fastest()
    {
        ParameterPlan? best = One();
        if (best is null || circuit.Bootstraps == 0)
        {
            return best;
        }

        double milliseconds = Milliseconds(best);
        while (best.Suite.Sets.Count < optimizer.MaxSets && WithOneMore(best) is { } more)
        {
            double fewer = Milliseconds(more);
            if (fewer > milliseconds * (1 - ParameterOptimizer.WorthwhileShare))
            {
                break;
            }

            (best, milliseconds) = (more, fewer);
        }

        return best;
    }

    /// <summary>The fastest plan of one set, or null where none meets the mode at every look-up.</summary>
    public ParameterPlan? One() => optimizer.Fastest(p => Planner(ParameterPlan.Of(circuit, p)).Meets(), [.. circuit.Steps.OfType<LookupStep>().Select(s => s.OutputLength)]) is { } set
        ? ParameterPlan.Of(circuit, set)
        : null;

    /// <summary>Look-up steps that move together: those whose results are added, and each of these alone.</summary>
    private int[][] Units()
    {
        int[][] together = [.. Lookups.GroupBy(s => _group[s + 1]).Select(g => g.ToArray())];
        return [.. together, .. together.Where(unit => unit.Length > 1).SelectMany(unit => unit.Select(s => new[] { s }))];
    }

    private IEnumerable<int> Lookups => Enumerable.Range(0, circuit.Steps.Count).Where(s => circuit.Steps[s] is LookupStep);

    private LookupPlanner Planner(ParameterPlan plan) => new(circuit, encoding, plan, mode, _norms);

    private double Milliseconds(ParameterPlan plan) => Planner(plan).Plan().Schedule.Milliseconds(circuit, plan, optimizer.Costs, optimizer.Threads);

    /// <summary>The fastest plan found with one of the sets worth trying beside those of a plan; null where nothing is faster.</summary>
    private ParameterPlan? WithOneMore(ParameterPlan plan) =>
        Candidates(plan).Select(set => Spread(plan, [.. plan.Suite.Sets, set])).MinBy(Alone);

    /// <summary>For each unit the set, not yet in the plan, that is the fastest of those with which the whole circuit still meets the mode.</summary>
    private IEnumerable<ParameterSet> Candidates(ParameterPlan plan)
    {
        LookupPlanner planner = Planner(plan);
        var candidates = new List<ParameterSet>();
        foreach (int[] unit in Units())
        {
            double now = unit.Sum(s => planner.Milliseconds(s, plan[s], optimizer));
            ParameterSet? fastest = ParameterCatalog.All
                .Select(p => (Set: p, Time: unit.Sum(s => planner.Milliseconds(s, p, optimizer))))
                .Where(c => c.Time < now)
                .OrderBy(c => c.Time)
                .FirstOrDefault(c => Moved(plan, unit, c.Set) is { } moved && Planner(moved).Meets()).Set;
            if (fastest is not null && !plan.Suite.Sets.Contains(fastest))
            {
                candidates.Add(fastest);
            }
        }

        return candidates.DistinctBy(p => p.Id);
    }

    /// <summary>Moves units to whichever of the sets makes the whole faster, those that take longest first, until no move does.</summary>
    private ParameterPlan Spread(ParameterPlan plan, IReadOnlyList<ParameterSet> sets)
    {
        double time = Alone(plan);
        for (bool changed = true; changed;)
        {
            changed = false;
            ParameterPlan now = plan;
            LookupPlanner planner = Planner(now);
            foreach (int[] unit in Units().OrderByDescending(u => u.Sum(s => planner.Milliseconds(s, now[s], optimizer))))
            {
                foreach (ParameterSet set in sets.Where(p => unit.Any(s => plan[s].Id != p.Id)))
                {
                    if (Moved(plan, unit, set) is { } moved && Alone(moved) is var faster && faster < time)
                    {
                        (plan, time, changed) = (moved, faster, true);
                    }
                }
            }
        }

        return plan;
    }

    /// <summary>The milliseconds of an inference in which every look-up has a rotation of its own: what sharing saves comes on top. Infinite where the mode is not met.</summary>
    private double Alone(ParameterPlan plan)
    {
        LookupPlanner planner = Planner(plan);
        return planner.Meets() ? Lookups.Sum(s => planner.Milliseconds(s, plan[s], optimizer)) : double.PositiveInfinity;
    }

    /// <summary>A plan with a unit's look-ups by another set; null where they would then be added to what is under another big key.</summary>
    private ParameterPlan? Moved(ParameterPlan plan, int[] unit, ParameterSet set)
    {
        ParameterSet[] sets = [.. plan.Sets];
        foreach ((int i, int step) in Lookups.Index())
        {
            sets[i] = unit.Contains(step) ? set : sets[i];
        }

        return ParameterPlan.TryCreate(circuit, sets, _group);
    }
}
