using System.Reflection;

namespace BlindGrain.Architecture.Tests;

/// <summary>What the built assemblies really use: project files alone would miss what comes in through others.</summary>
public sealed class AssemblyReferenceTests
{
    private static readonly string[] s_cluster = ["Orleans"];
    private static readonly string[] s_http = ["System.Net.Http", "Microsoft.AspNetCore", "System.Net.HttpListener"];
    private static readonly string[] s_onnx = ["Microsoft.ML.OnnxRuntime", "Google.Protobuf"];
    private static readonly string[] s_torch = ["TorchSharp"];

    public static TheoryData<string, string[]> Forbidden => new()
    {
        { "BlindGrain.Engine", ["BlindGrain.", "Azure", .. s_cluster, .. s_http, .. s_onnx, .. s_torch] },
        { "BlindGrain.Storage", ["BlindGrain.", .. s_onnx, .. s_torch] },
        { "BlindGrain.Management", ["BlindGrain.", "Azure", .. s_cluster, .. s_onnx, .. s_torch] },
        { "BlindGrain.Compiler", ["BlindGrain.Grains", "BlindGrain.Client", "BlindGrain.Storage", .. s_cluster, .. s_http, .. s_torch] },
        { "BlindGrain.Client", ["BlindGrain.Grains", "BlindGrain.Compiler", "BlindGrain.Storage", .. s_cluster, .. s_onnx, .. s_torch] },
        { "BlindGrain.Grains.Interfaces", ["BlindGrain.Storage", "BlindGrain.Client", "BlindGrain.Compiler", .. s_http, .. s_onnx, .. s_torch] },
        { "BlindGrain.Grains", ["BlindGrain.Client", "BlindGrain.Compiler", "BlindGrain.Gateway", .. s_http, .. s_onnx, .. s_torch] },
        { "BlindGrain.Gateway", ["BlindGrain.Client", "BlindGrain.Compiler", "BlindGrain.Silo", "Azure", .. s_onnx, .. s_torch] },
        { "BlindGrain.Silo", ["BlindGrain.Client", "BlindGrain.Compiler", "BlindGrain.Gateway", .. s_onnx, .. s_torch] },
        { "blindgrain", s_torch },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void An_assembly_does_not_reach_into_other_rooms(string assembly, string[] forbidden)
    {
        string[] references = [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)];
        Assert.DoesNotContain(references, r => forbidden.Any(f => r.StartsWith(f, StringComparison.Ordinal)));
    }
}
