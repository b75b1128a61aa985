using Google.Protobuf;

namespace BlindGrain.Compiler.Onnx;

/// <summary>Makes node attributes; the numbers are ONNX's attribute types.</summary>
internal static class Attributes
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = 2 };

    public static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = 1 };

    public static AttributeProto Text(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = 3 };

    public static AttributeProto Ints(string name, params IEnumerable<long> values) => new() { Name = name, Ints = { values }, Type = 7 };
}
