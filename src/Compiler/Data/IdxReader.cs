using System.Buffers.Binary;
using System.IO.Compression;

namespace BlindGrain.Compiler.Data;

/// <summary>
/// Reads the idx format of MNIST (http://yann.lecun.com/exdb/mnist, "file formats"), plain or gzipped: two zero bytes, the
/// element type (8: unsigned byte), the number of dimensions, big-endian sizes, the elements.
/// </summary>
public static class IdxReader
{
    private const long MaxElements = 1L << 28;

    /// <summary>Reads images.</summary>
    /// <param name="path">A .idx or .gz file with two or more dimensions.</param>
    /// <param name="scale">What a pixel is multiplied with; null divides it by 255.</param>
    /// <returns>One flat array of floats an image.</returns>
    /// <exception cref="InvalidDataException">Not such a file, truncated, or with bytes left over.</exception>
    public static float[][] ReadImages(string path, float? scale = null)
    {
        (int[] sizes, byte[] data) = Read(path);
        if (sizes.Length < 2)
        {
            throw new InvalidDataException($"{path} has {sizes.Length} dimension; images have two or more (count, rows, columns). Is it the file of labels?");
        }

        int length = data.Length / sizes[0];
        var images = new float[sizes[0]][];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = new float[length];
            for (int p = 0; p < length; p++)
            {
                byte pixel = data[(i * length) + p];
                images[i][p] = scale is { } s ? pixel * s : pixel / 255f;
            }
        }

        return images;
    }

    /// <summary>Reads labels.</summary>
    /// <exception cref="InvalidDataException">Not such a file, truncated, or with bytes left over.</exception>
    public static int[] ReadLabels(string path)
    {
        (int[] sizes, byte[] data) = Read(path);
        return sizes.Length == 1
            ? [.. data.Select(b => (int)b)]
            : throw new InvalidDataException($"{path} has {sizes.Length} dimensions; labels have one. Is it the file of images?");
    }

    private static (int[] Sizes, byte[] Data) Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        bool zipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        using Stream stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            return Parse(stream, path);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{path} was cut short.", e);
        }
    }

    private static (int[] Sizes, byte[] Data) Parse(Stream stream, string path)
    {
        var head = new byte[4];
        stream.ReadExactly(head);
        if (head[0] != 0 || head[1] != 0 || head[2] != 8 || head[3] is < 1 or > 4)
        {
            throw new InvalidDataException($"{path} is no idx file of unsigned bytes with one to four dimensions.");
        }

        var sizes = new int[head[3]];
        long count = 1;
        for (int d = 0; d < sizes.Length; d++)
        {
            stream.ReadExactly(head);
            sizes[d] = BinaryPrimitives.ReadInt32BigEndian(head);
            if (sizes[d] < 1 || (count *= sizes[d]) > MaxElements)
            {
                throw new InvalidDataException($"{path} claims sizes {string.Join('×', sizes)}; each must be positive and all elements at most {MaxElements}.");
            }
        }

        // Grows as the bytes arrive, so that a small file that claims to be large costs little.
        using var data = new MemoryStream();
        var piece = new byte[1 << 16];
        for (long left = count; left > 0;)
        {
            int read = stream.Read(piece, 0, (int)Math.Min(left, piece.Length));
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            data.Write(piece, 0, read);
            left -= read;
        }

        return stream.ReadByte() < 0 ? (sizes, data.ToArray()) : throw new InvalidDataException($"{path} has bytes left over behind its {count} elements.");
    }
}
