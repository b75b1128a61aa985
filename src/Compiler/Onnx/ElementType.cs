namespace BlindGrain.Compiler.Onnx;

/// <summary>The tensor element types that are read, by ONNX's numbers.</summary>
internal enum ElementType
{
    /// <summary>No type: what a damaged file may say.</summary>
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
    UInt4 = 21,
    Int4 = 22,
}
