namespace BlindGrain.Compiler.Onnx;

/// <summary>The tensor element types that are read, by ONNX's numbers.</summary>
internal enum ElementType
{
    /// <summary>No type: what a damaged file may say.</summary>
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Double = 11,
}
