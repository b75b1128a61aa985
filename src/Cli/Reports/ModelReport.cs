using BlindGrain.Cli.Reports.Evaluation;
using BlindGrain.Compiler;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Execution.Reports;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports;

/// <summary>What <c>compile</c> and <c>inspect</c> tell of a compiled model; also the form of their JSON.</summary>
internal sealed record ModelReport
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file described.</summary>
    public required string File { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>"exact" or "approximate".</summary>
    public required string Mode { get; init; }

    /// <summary>log2 of the failure probability asked for in exact mode, else null.</summary>
    public double? Log2PError { get; init; }

    /// <summary>The index's standard deviation asked for in approximate mode, as a fraction of the range, else null.</summary>
    public double? Sigma { get; init; }

    /// <summary>The clear input's shape without the batch dimension.</summary>
    public required int[] InputShape { get; init; }

    /// <summary>The integers that an input value can be, [min, max].</summary>
    public required long[] InputRange { get; init; }

    /// <summary>The clear output's shape.</summary>
    public required int[] OutputShape { get; init; }

    /// <summary>Programmable bootstraps of one inference.</summary>
    public required int Bootstraps { get; init; }

    /// <summary>log2 of the modelled probability that any look-up of an inference reads a wrong entry, by the sum over all of them; null without look-ups.</summary>
    public required double? Log2InferenceError { get; init; }

    /// <summary>The widest accumulator in bits.</summary>
    public required int MaxBits { get; init; }

    /// <summary>How the ranges were found.</summary>
    public string Ranges { get; init; } = "worst case by exact interval arithmetic";

    /// <summary>What calibrated ranges risk; null where they are the worst case, and of a file, which does not say.</summary>
    public CalibratedRangesReport? CalibratedRanges { get; init; }

    /// <summary>The quantizers that post-training quantization put in; null of a model that was quantized already, and of a file.</summary>
    public IReadOnlyList<QuantizationPoint>? Quantization { get; init; }

    /// <summary>The layers in order.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The input and every step: the nodes of the network's drawing.</summary>
    public required IReadOnlyList<StepReport> Steps { get; init; }

    /// <summary>The function of the outputs that the client computes, or null.</summary>
    public string? ClientFunction { get; init; }

    /// <summary>The cryptographic parameters.</summary>
    public required ParameterReport Parameters { get; init; }

    /// <summary>The modelled cost of one inference in 10^6 operations.</summary>
    public required double Cost { get; init; }

    /// <summary>The modelled time of one inference's look-ups on one core of the reference machine, in milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Bytes of the evaluation keys that a client uploads once (seeded).</summary>
    public required long KeyBytes { get; init; }

    /// <summary>Bytes of the evaluation keys expanded in a worker's memory.</summary>
    public required long ExpandedKeyBytes { get; init; }

    /// <summary>Bytes of one encrypted input.</summary>
    public required long InputBytes { get; init; }

    /// <summary>Bytes of one encrypted result, without its header.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>The parameters for one bit more or less and for other errors: what the next bit would cost.</summary>
    public required IReadOnlyList<ChoiceReport> Choices { get; init; }

    /// <summary>Exact and approximate mode side by side.</summary>
    public required IReadOnlyList<ChoiceReport> Modes { get; init; }

    /// <summary>What the user's data say; null where none were given.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>Accuracy and cost over bit-widths; null where no sweep was asked for.</summary>
    public TradeOffReport? TradeOff { get; init; }

    /// <summary>What the model's owner should know, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The search that chose the parameters, where there was one.</summary>
    public SearchReport? Search { get; init; }

    /// <summary>The same with how the circuit came about.</summary>
    public ModelReport With(Compilation compilation) => this with
    {
        Ranges = compilation.Calibrated is { } c ? FormattableString.Invariant($"calibrated, overflow probability of a look-up about {c.OverflowProbability:0.#E+0}") : Ranges,
        CalibratedRanges = compilation.Calibrated is { } calibrated ? new CalibratedRangesReport(calibrated.OverflowProbability, calibrated.Outside, calibrated.Read) : null,
        Quantization = compilation.Points.Count == 0 ? null : compilation.Points,
        Warnings = compilation.Warnings,
    };

    /// <summary>The same with what the user's data say of the model, and what follows from that.</summary>
    public ModelReport With(EvaluationReport? evaluation)
    {
        ModelReport report = this with { Evaluation = evaluation, Modes = [.. Modes.Select(m => m with { Accuracy = m.Current ? evaluation?.Own?.Accuracy : evaluation?.OtherMode?.Accuracy })] };
        return report with { Warnings = [.. Warnings, .. Advice.Of(report)] };
    }

    /// <summary>Describes a model.</summary>
    public static ModelReport Of(CompiledModel model, string file, long fileBytes)
    {
        FheCircuit circuit = model.Circuit;
        ParameterSuite parameters = model.Parameters;
        IReadOnlyList<StepReport> steps = StepReport.Of(model);
        return new ModelReport
        {
            Name = circuit.Name,
            File = file,
            FileBytes = fileBytes,
            Mode = model.Mode is ExecutionMode.Exact ? "exact" : "approximate",
            Log2PError = (model.Mode as ExecutionMode.Exact)?.Log2PError,
            Sigma = (model.Mode as ExecutionMode.Approximate)?.Sigma,
            InputShape = circuit.Input.Shape,
            InputRange = [circuit.Input.Range.Min, circuit.Input.Range.Max],
            OutputShape = circuit.Output.Shape,
            Bootstraps = circuit.Bootstraps,
            Log2InferenceError = ErrorOfAll(steps),
            MaxBits = circuit.MaxBits,
            Layers = LayerReport.Of(model),
            Steps = steps,
            ClientFunction = circuit.Output.Operation?.Function.ToString(),
            Choices = ChoiceReport.Neighbours(model),
            Modes = ChoiceReport.Modes(model),
            Parameters = ParameterReport.Of(model),
            Cost = model.Cost,
            Milliseconds = model.Milliseconds(CostModel.Reference, threads: 1),
            KeyBytes = EvaluationKey.FileSize(parameters),
            ExpandedKeyBytes = model.ParameterPlan.Needs.ExpandedBytes,
            InputBytes = SeededLweList.ByteSize(parameters, circuit.Input.Length),
            OutputBytes = (long)circuit.Output.Length * (model.DimensionOf(circuit.Output.Value).Value + 1) * sizeof(uint),
        };
    }

    private static double? ErrorOfAll(IReadOnlyList<StepReport> steps)
    {
        LookupFacts[] lookups = [.. steps.Select(s => s.Lookup).OfType<LookupFacts>()];
        return lookups.Length == 0 ? null : Math.Min(0, Math.Log2(lookups.Sum(l => l.Bootstraps * Math.Pow(2, l.Log2PError))));
    }
}

/// <summary>What calibrated ranges risk.</summary>
/// <param name="OverflowProbability">An upper estimate of the probability that one look-up, or one output, leaves its range.</param>
/// <param name="Outside">How many did on the half of the samples that was held back.</param>
/// <param name="Read">Of how many.</param>
internal sealed record CalibratedRangesReport(double OverflowProbability, long Outside, long Read);
