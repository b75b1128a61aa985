using BlindGrain.Compiler;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Demo;

/// <summary>What a demo run does; disposing it frees the float model.</summary>
/// <param name="Model">The compiled model.</param>
/// <param name="Float">The float network, where an ONNX file was given.</param>
/// <param name="Samples">The points to classify.</param>
/// <param name="Picture">Where to write the picture.</param>
internal sealed record DemoRequest(CompiledModel Model, ReferenceModel? Float, LabelledSamples Samples, string Picture) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Float?.Dispose();
}
