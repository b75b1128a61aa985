using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace BlindGrain.Compiler.Data;

/// <summary>Writes NumPy's .npy format, version 1, little-endian floats.</summary>
public static class NpyWriter
{
    /// <summary>Writes an array.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="shape">The sizes, whose product is the number of elements.</param>
    /// <param name="data">The elements, row-major.</param>
    /// <exception cref="ArgumentException">Shape and data do not fit.</exception>
    public static void Write(Stream stream, IReadOnlyList<int> shape, ReadOnlySpan<float> data)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Aggregate(1L, (a, b) => a * b) != data.Length)
        {
            throw new ArgumentException($"An array of shape ({string.Join(", ", shape)}) does not have {data.Length} elements.", nameof(shape));
        }

        string sizes = string.Concat(shape.Select(d => d.ToString(CultureInfo.InvariantCulture) + ", "));
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes.TrimEnd()}), }}";

        // Magic, version and length take 10 bytes; all of it ends in a newline at a multiple of 64.
        int length = ((10 + header.Length + 1 + 63) / 64 * 64) - 10;
        Span<byte> start = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)length);
        stream.Write(start);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        Span<byte> element = stackalloc byte[sizeof(float)];
        foreach (float value in data)
        {
            BinaryPrimitives.WriteSingleLittleEndian(element, value);
            stream.Write(element);
        }
    }
}
