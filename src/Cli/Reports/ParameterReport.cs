using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>The parameters as a report gives them.</summary>
/// <param name="Id">What keys, models and ciphertexts are matched by.</param>
/// <param name="Sets">The sets: one for all look-ups, or several where that pays.</param>
/// <param name="OneSet">What the fastest single set would cost; null where there is one.</param>
internal sealed record ParameterReport(string Id, IReadOnlyList<ParameterSetReport> Sets, OneSetReport? OneSet)
{
    /// <summary>Describes a model's parameters.</summary>
    public static ParameterReport Of(CompiledModel model) => new(
        model.Parameters.Id,
        [.. model.Parameters.Sets.Select(p => ParameterSetReport.Of(model, p))],
        model.Parameters.Sets.Count == 1 ? null : OneSetReport.Of(CompiledModel.Create(model.Circuit, model.Mode, new ParameterOptimizer(CostModel.Reference, threads: 1, maxSets: 1))));
}

/// <summary>One parameter set of a model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SmallDimension">n.</param>
/// <param name="GlweDimension">k.</param>
/// <param name="PolynomialSize">N.</param>
/// <param name="TableSize">N′.</param>
/// <param name="BootstrapBaseLog">log2 of the bootstrapping gadget's base.</param>
/// <param name="BootstrapLevels">Its levels.</param>
/// <param name="KeyswitchBaseLog">log2 of the key-switching gadget's base.</param>
/// <param name="KeyswitchLevels">Its levels.</param>
/// <param name="Log2SmallStd">log2(σ/q) under the small key.</param>
/// <param name="Log2BigStd">log2(σ/q) under the big key.</param>
/// <param name="CostPerBootstrap">The modelled cost of a bootstrap in 10^6 operations.</param>
/// <param name="LookupSteps">The look-up steps that take it.</param>
/// <param name="Rotations">Their blind rotations of one inference.</param>
/// <param name="Milliseconds">Their modelled time of one inference on one core of the reference machine.</param>
/// <param name="KeyBytes">What its keys add to the upload.</param>
/// <param name="ExpandedKeyBytes">What its keys take of a worker's memory.</param>
internal sealed record ParameterSetReport(
    string Id,
    int SmallDimension,
    int GlweDimension,
    int PolynomialSize,
    int TableSize,
    int BootstrapBaseLog,
    int BootstrapLevels,
    int KeyswitchBaseLog,
    int KeyswitchLevels,
    double Log2SmallStd,
    double Log2BigStd,
    double CostPerBootstrap,
    int LookupSteps,
    int Rotations,
    double Milliseconds,
    long KeyBytes,
    long ExpandedKeyBytes)
{
    /// <summary>Describes one of a model's sets.</summary>
    public static ParameterSetReport Of(CompiledModel model, ParameterSet p)
    {
        LookupWork[] work = [.. model.AllWork.Where(w => w.Parameters == p)];
        return new(
            p.Id,
            p.SmallDimension.Value,
            p.GlweDimension.Value,
            p.PolynomialSize.Value,
            p.TableSize,
            p.Bootstrap.BaseLog,
            p.Bootstrap.Levels,
            p.Keyswitch.BaseLog,
            p.Keyswitch.Levels,
            p.Log2SmallStd,
            p.Log2BigStd,
            p.Cost,
            work.Sum(w => w.Steps.Count),
            work.Sum(w => w.Rotations.Count),
            work.Sum(w => model.Milliseconds(w, CostModel.Reference, threads: 1)),
            model.Parameters.SeededKeyBytesOf(p),
            model.ParameterPlan.Needs.ExpandedBytesOf(p));
    }
}

/// <summary>What a model would cost with one parameter set for all look-ups.</summary>
/// <param name="Id">The set.</param>
/// <param name="Milliseconds">The modelled time of one inference on one core of the reference machine.</param>
/// <param name="KeyBytes">Bytes of the evaluation keys to upload.</param>
/// <param name="ExpandedKeyBytes">Bytes of the keys in a worker's memory.</param>
internal sealed record OneSetReport(string Id, double Milliseconds, long KeyBytes, long ExpandedKeyBytes)
{
    /// <summary>Describes a model of one set.</summary>
    public static OneSetReport Of(CompiledModel model) =>
        new(model.Parameters.Id, model.Milliseconds(CostModel.Reference, threads: 1), EvaluationKey.FileSize(model.Parameters), model.ParameterPlan.Needs.ExpandedBytes);
}
