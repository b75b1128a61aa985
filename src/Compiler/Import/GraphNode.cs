using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Import;

/// <summary>A node with its attributes, as operators ask for them.</summary>
internal sealed class GraphNode(NodeProto node)
{
    public string OpType => node.OpType;

    public string Domain => node.Domain;

    public IReadOnlyList<string> Inputs => node.Input;

    public IReadOnlyList<string> Outputs => node.Output;

    /// <summary>The node for messages: operator and name.</summary>
    public string Label => node.Name.Length > 0 ? $"'{node.Name}' ({node.OpType})" : $"'{string.Join(", ", node.Output)}' ({node.OpType})";

    /// <summary>The node's name for the circuit's steps.</summary>
    public string StepName => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() is { Length: > 0 } output ? output : node.OpType;

    public NodeProto Proto => node;

    /// <summary>Whether an attribute is a graph: a branch or the body of a loop.</summary>
    public bool HasSubgraph => node.Attribute.Any(a => !a.G.IsEmpty || a.Graphs.Count > 0);

    /// <summary>The name of the first output, empty where there is none.</summary>
    public string FirstOutput => node.Output.Count > 0 ? node.Output[0] : "";

    /// <summary>Whether input <paramref name="index"/> is given.</summary>
    public bool HasInput(int index) => index < node.Input.Count && node.Input[index].Length > 0;

    public float Float(string name, float otherwise) => Find(name) is { } a ? a.F : otherwise;

    public long Int(string name, long otherwise) => Find(name) is { } a ? a.I : otherwise;

    public string Text(string name, string otherwise) => Find(name) is { } a ? a.S.ToStringUtf8() : otherwise;

    public int[]? Ints(string name) => Find(name) is { } a ? [.. a.Ints.Select(i => checked((int)i))] : null;

    /// <summary>Whether an attribute is given.</summary>
    public bool Has(string name) => Find(name) is not null;

    private AttributeProto? Find(string name) => node.Attribute.FirstOrDefault(a => a.Name == name);
}
