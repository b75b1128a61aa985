using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution.Reports;

/// <summary>What a report tells of a look-up step.</summary>
/// <param name="Bootstraps">Its programmable bootstraps: one an element.</param>
/// <param name="Rotations">The blind rotations that a job counts at this step: fewer than its bootstraps where look-ups share them, 0 where an earlier step's yield it all.</param>
/// <param name="Tables">Distinct tables.</param>
/// <param name="Log2PError">log2 of the modelled probability that one look-up reads a wrong entry.</param>
/// <param name="Sigma">The modelled standard deviation of a look-up's index, as a fraction of the range.</param>
/// <param name="Cost">Its modelled cost in 10^6 operations.</param>
/// <param name="Milliseconds">Its modelled time on one core of the reference machine, with what the step's spare noise saves.</param>
/// <param name="TimeShare">Its part of all look-ups' time, 0 to 1.</param>
/// <param name="ParameterSet">The id of its parameter set.</param>
public sealed record LookupFacts(int Bootstraps, int Rotations, int Tables, double Log2PError, double Sigma, double Cost, double Milliseconds, double TimeShare, string ParameterSet)
{
    /// <summary>Describes a step.</summary>
    public static LookupFacts Of(CompiledModel model, int index, LookupStep step)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(step);
        ParameterSet parameters = model.ParameterPlan[index];
        double milliseconds = CostModel.Reference.LayerMilliseconds(parameters, model.Plan(index), step.OutputLength, threads: 1, model.DimensionOf(step.Source));
        return new LookupFacts(
            step.OutputLength,
            model.Work(index).Steps[0] == index ? model.Work(index).Rotations.Count : 0,
            step.Tables.Count,
            model.Log2PError(index),
            model.Sigma(index),
            step.OutputLength * parameters.Cost,
            milliseconds,
            milliseconds / model.Milliseconds(CostModel.Reference, threads: 1),
            parameters.Id);
    }
}
