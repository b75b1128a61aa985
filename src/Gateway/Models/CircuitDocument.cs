using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Execution.Reports;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Models;

/// <summary>What a circuit consists of and what it costs; no weights and no tables.</summary>
internal sealed record CircuitDocument(
    string ModelName,
    string ModelVersion,
    string Circuit,
    string Mode,
    string ParameterSet,
    int Bootstraps,
    int MaxBits,
    double Milliseconds,
    long KeyBytes,
    long ExpandedKeyBytes,
    CircuitStepDocument[] Steps)
{
    /// <summary>Describes a model's circuit.</summary>
    public static CircuitDocument From(ModelInfo info, CompiledModel model) => new(
        info.Model,
        info.Version,
        model.Circuit.Name,
        model.Mode.ToString(),
        model.Parameters.Id,
        model.Rotations,
        model.Circuit.MaxBits,
        model.Milliseconds(CostModel.Reference, threads: 1),
        EvaluationKey.FileSize(model.Parameters),
        model.ParameterPlan.Needs.ExpandedBytes,
        [.. StepReport.Of(model).Select(CircuitStepDocument.From)]);
}

/// <summary>The input (value 0) or one step of a circuit: the integers that it yields, and what yields them.</summary>
internal sealed record CircuitStepDocument(
    int Value,
    string Kind,
    string Name,
    int[] Sources,
    int[] Shape,
    string[] Operators,
    int Length,
    long Min,
    long Max,
    long Values,
    int Bits,
    IReadOnlyDictionary<int, int> ElementsOfBits,
    bool IsOutput,
    CircuitLinearDocument? Linear,
    CircuitLookupDocument? Lookup)
{
    /// <summary>Describes a step.</summary>
    public static CircuitStepDocument From(StepReport step) => new(
        step.Value,
        step.Kind,
        step.Name,
        [.. step.Sources],
        [.. step.Shape],
        [.. step.Operators],
        step.Length,
        step.Min,
        step.Max,
        step.Values,
        step.Bits,
        step.ElementsOfBits,
        step.IsOutput,
        step.Linear is { } linear ? new CircuitLinearDocument(linear.Weights, linear.LargestWeight, linear.SquaredNorm, linear.Declared) : null,
        step.Lookup is { } l ? new CircuitLookupDocument(l.Bootstraps, l.Rotations, l.Tables, Finite(l.Log2PError), Finite(l.Sigma), l.Milliseconds, l.TimeShare, l.ParameterSet) : null);

    /// <summary>JSON has no infinity: a probability too small for a double is none.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A linear step: weights other than zero, the largest of them, the largest sum of a row's squares, and whether its range was declared rather than found.</summary>
internal sealed record CircuitLinearDocument(long Weights, int LargestWeight, double SquaredNorm, bool Declared);

/// <summary>A look-up step: its look-ups, the rotations that a job counts for them, its tables, its noise, and its modelled time on one core of the reference machine.</summary>
internal sealed record CircuitLookupDocument(int Bootstraps, int Rotations, int Tables, double? Log2PError, double? Sigma, double Milliseconds, double TimeShare, string ParameterSet);
