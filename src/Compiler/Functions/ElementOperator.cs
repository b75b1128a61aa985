using BlindGrain.Compiler.Onnx;
using Google.Protobuf;

namespace BlindGrain.Compiler.Functions;

/// <summary>An operator of one element (and of constants beside it): its name and attributes, compared by content.</summary>
internal sealed class ElementOperator : IEquatable<ElementOperator>
{
    private readonly string _key;
    private readonly int _hash;

    private ElementOperator(string domain, string opType, IReadOnlyList<AttributeProto> attributes)
    {
        Domain = domain is "ai.onnx" ? "" : domain;
        OpType = opType;
        Attributes = attributes;
        _key = $"{Domain}.{opType}({string.Join(';', attributes.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => Convert.ToBase64String(a.ToByteArray())))})";
        _hash = _key.GetHashCode(StringComparison.Ordinal);
    }

    public string Domain { get; }

    public string OpType { get; }

    public IReadOnlyList<AttributeProto> Attributes { get; }

    /// <summary>A standard operator without attributes.</summary>
    public static ElementOperator Standard(string opType) => new("", opType, []);

    /// <summary>The operator of a node.</summary>
    public static ElementOperator Of(NodeProto node, string? opType = null) => new(node.Domain, opType ?? node.OpType, [.. node.Attribute.Where(a => a.Name is not "consumed_inputs")]);

    public bool Is(string opType) => Domain.Length == 0 && OpType == opType;

    public bool Equals(ElementOperator? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _key == other._key);

    public override bool Equals(object? obj) => Equals(obj as ElementOperator);

    public override int GetHashCode() => _hash;
}
