using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BlindGrain.Compiler.Data;

/// <summary>The header of NumPy's .npy format, versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).</summary>
/// <param name="ElementType">The type without its byte order: f4, u1, …</param>
/// <param name="BigEndian">Whether the bytes of an element come highest first.</param>
/// <param name="Shape">The sizes.</param>
internal sealed partial record NpyHeader(string ElementType, bool BigEndian, int[] Shape)
{
    private const int MaxHeaderBytes = 1 << 16;

    /// <summary>The number of elements.</summary>
    public int Count => Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>Reads magic, version and header.</summary>
    /// <exception cref="InvalidDataException">It is none, or one of an array that is not supported; the message says what is.</exception>
    /// <exception cref="EndOfStreamException">The file was cut short.</exception>
    public static NpyHeader Read(Stream stream, string source)
    {
        var start = new byte[8];
        stream.ReadExactly(start);
        if (start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{source} is no .npy file: it does not begin with NumPy's magic bytes.");
        }

        var size = new byte[start[6] switch { 1 => 2, 2 or 3 => 4, _ => throw new InvalidDataException($"{source} is a .npy file of version {start[6]}; 1 to 3 are read.") }];
        stream.ReadExactly(size);
        long length = size.Length == 2 ? BitConverter.ToUInt16(size) : BitConverter.ToUInt32(size);
        if (length > MaxHeaderBytes)
        {
            throw new InvalidDataException($"{source} claims a header of {length} bytes; {MaxHeaderBytes} are plenty.");
        }

        var header = new byte[length];
        stream.ReadExactly(header);
        return Parse(Encoding.Latin1.GetString(header), source);
    }

    private static NpyHeader Parse(string text, string source)
    {
        Match type = TypePattern().Match(text), order = OrderPattern().Match(text), shape = ShapePattern().Match(text);
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new InvalidDataException($"{source} holds no plain array of numbers; save one with numpy.save(file, array.astype('float32')).");
        }

        string[] sizes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var parsed = new int[sizes.Length];
        long count = 1;
        for (int i = 0; i < parsed.Length; i++)
        {
            if (!int.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out parsed[i]) || parsed[i] < 1 || (count *= parsed[i]) > DataLimits.MaxElements)
            {
                throw new InvalidDataException($"{source} claims the shape ({shape.Groups[1].Value.Trim()}); each size must be positive and all elements at most {DataLimits.MaxElements}.");
            }
        }

        return order.Groups[1].Value == "True" && parsed.Count(d => d > 1) > 1
            ? throw new InvalidDataException($"{source} is stored column by column (Fortran order); save numpy.ascontiguousarray(array).")
            : new NpyHeader(type.Groups[2].Value, type.Groups[1].Value == ">", parsed);
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)")]
    private static partial Regex ShapePattern();
}
