using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>What to evaluate.</summary>
/// <param name="Model">The compiled model.</param>
/// <param name="Samples">The data.</param>
/// <param name="Data">What to call them.</param>
/// <param name="FloatModel">The ONNX file whose accuracy in floats is wanted, or null.</param>
/// <param name="Encrypted">How many samples to run encrypted; null for a few where that is quick.</param>
internal sealed record EvaluationRequest(CompiledModel Model, LabelledSamples Samples, string Data, string? FloatModel, int? Encrypted);
