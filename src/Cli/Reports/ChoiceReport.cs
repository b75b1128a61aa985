using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>The parameters that some demand asks for, and what they cost.</summary>
/// <param name="Demand">What was asked, for people.</param>
/// <param name="Mode">"exact" or "approximate".</param>
/// <param name="Log2PError">log2 of the failure probability asked for in exact mode, else null.</param>
/// <param name="Sigma">The index's standard deviation asked for in approximate mode, else null.</param>
/// <param name="ExtraBits">How many bits wider every accumulator was taken than it is.</param>
/// <param name="Current">Whether this is the model as it was compiled.</param>
/// <param name="ParameterSet">The id of the parameters; null where none of the catalogue meets the demand, and then all figures are null.</param>
/// <param name="CostPerBootstrap">The modelled cost of one bootstrap in 10^6 operations.</param>
/// <param name="Cost">The modelled cost of an inference in 10^6 operations.</param>
/// <param name="Milliseconds">The modelled time of an inference's bootstraps on one core of the reference machine, at the parameters' full precision.</param>
/// <param name="RelativeTime">That time over the compiled model's; null, too, for a circuit without look-ups.</param>
/// <param name="KeyBytes">Bytes of evaluation keys to upload.</param>
/// <param name="ExpandedKeyBytes">The same in a worker's memory.</param>
internal sealed record ChoiceReport(
    string Demand,
    string Mode,
    double? Log2PError,
    double? Sigma,
    int ExtraBits,
    bool Current,
    string? ParameterSet,
    double? CostPerBootstrap,
    double? Cost,
    double? Milliseconds,
    double? RelativeTime,
    long? KeyBytes,
    long? ExpandedKeyBytes)
{
    /// <summary>The accuracy that simulation gives on the report's labelled data, 0 to 1; null without them, or where it was not simulated.</summary>
    public double? Accuracy { get; init; }

    private static readonly double[] s_sigmaFactors = [2, 0.5, 0.25];
    private static readonly double[] s_log2PErrors = [-20, -40, -64, -128];

    /// <summary>The choice for a mode, with accumulators as they are or wider.</summary>
    /// <param name="model">The compiled model.</param>
    /// <param name="demand">What is asked, for people.</param>
    /// <param name="mode">The mode asked for.</param>
    /// <param name="extraBits">Bits by which every accumulator is wider than it is; negative for narrower.</param>
    public static ChoiceReport Of(CompiledModel model, string demand, ExecutionMode mode, int extraBits = 0)
    {
        FheCircuit circuit = model.Circuit;
        bool current = extraBits == 0 && mode == model.Mode;
        ParameterPlan? plan = current ? model.ParameterPlan : CompiledModel.FindParameters(circuit, mode, Math.Pow(2, extraBits));
        ParameterSuite? p = plan?.Suite;
        double? cost = plan is null ? null : Sum(circuit, plan, set => set.Cost);
        return new ChoiceReport(
            demand,
            NameOf(mode),
            (mode as ExecutionMode.Exact)?.Log2PError,
            (mode as ExecutionMode.Approximate)?.Sigma,
            extraBits,
            current,
            p?.Id,
            circuit.Bootstraps == 0 ? null : cost / circuit.Bootstraps,
            cost,
            plan is null ? null : Time(circuit, plan),
            plan is null || circuit.Bootstraps == 0 ? null : Time(circuit, plan) / Time(circuit, model.ParameterPlan),
            p is null ? null : EvaluationKey.FileSize(p),
            plan?.Needs.ExpandedBytes);
    }

    /// <summary>What one bit more or less, and other errors, would cost.</summary>
    public static IReadOnlyList<ChoiceReport> Neighbours(CompiledModel model)
    {
        ExecutionMode mode = model.Mode;
        var choices = new List<ChoiceReport>
        {
            Of(model, "one bit less everywhere", mode, -1),
            Of(model, "as compiled", mode),
            Of(model, "one bit more everywhere", mode, 1),
            Of(model, "two bits more everywhere", mode, 2),
        };
        IEnumerable<ExecutionMode> others = mode is ExecutionMode.Approximate approximate
            ? s_sigmaFactors.Select(f => approximate.Sigma * f).Where(s => s is >= 0.0005 and <= 0.05).Select(s => new ExecutionMode.Approximate(s))
            : s_log2PErrors.Select(l => new ExecutionMode.Exact(l));
        choices.AddRange(others.Where(m => m != mode).Select(m => Of(model, ModeText.Short(m), m)));
        return choices;
    }

    /// <summary>Both modes side by side: the model's own, and the other at a usual setting.</summary>
    public static IReadOnlyList<ChoiceReport> Modes(CompiledModel model)
    {
        ExecutionMode other = OtherMode(model.Mode);
        (ExecutionMode exact, ExecutionMode approximate) = other is ExecutionMode.Exact ? (other, model.Mode) : (model.Mode, other);
        return [Of(model, ModeText.Short(exact), exact), Of(model, ModeText.Short(approximate), approximate)];
    }

    /// <summary>The other mode at a usual setting.</summary>
    public static ExecutionMode OtherMode(ExecutionMode mode) => mode is ExecutionMode.Exact ? new ExecutionMode.Approximate(0.005) : new ExecutionMode.Exact();

    private static double Time(FheCircuit circuit, ParameterPlan plan) => Sum(circuit, plan, set => CostModel.Reference.BootstrapMilliseconds(set));

    private static double Sum(FheCircuit circuit, ParameterPlan plan, Func<ParameterSet, double> one) =>
        circuit.Steps.OfType<LookupStep>().Zip(plan.Sets, (step, set) => step.OutputLength * one(set)).Sum();

    /// <summary>"exact" or "approximate".</summary>
    public static string NameOf(ExecutionMode mode) => mode is ExecutionMode.Exact ? "exact" : "approximate";
}
