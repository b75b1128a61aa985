using System.IO.Compression;
using System.Text;
using BlindGrain.Compiler.Data;

namespace BlindGrain.Compiler.Tests.Data;

/// <summary>NumPy's files, in the form that NumPy itself writes.</summary>
public sealed class NpyTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("<f4", "0000003F0000C0BF")]
    [InlineData("<f8", "000000000000E03F000000000000F8BF")]
    [InlineData(">f4", "3F000000BFC00000")]
    [InlineData("<f2", "003800BE")]
    public void Floats_of_every_width_and_order_are_read(string type, string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        NpyArray array = Read(Npy(type, "(2,)", data));
        Assert.Equal([2], array.Shape);
        Assert.Equal([0.5f, -1.5f], array.Data);
        Assert.False(array.IsInteger);
    }

    [Theory]
    [InlineData("|u1", "07FF", 255)]
    [InlineData("|i1", "07FF", -1)]
    [InlineData("<i2", "0700FFFF", -1)]
    [InlineData(">u2", "0007FFFF", 65535)]
    [InlineData("<i8", "0700000000000000FFFFFFFFFFFFFFFF", -1)]
    public void Integers_are_read(string type, string hex, float last)
    {
        NpyArray array = Read(Npy(type, "(2, 1)", Convert.FromHexString(hex)));
        Assert.Equal([2, 1], array.Shape);
        Assert.Equal([7f, last], array.Data);
        Assert.True(array.IsInteger);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        float[] values = [1.5f, -2, float.Epsilon, float.MaxValue, 0, 3];
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, [2, 3], values);
        byte[] bytes = stream.ToArray();
        Assert.Equal(0, (bytes.Length - (4 * values.Length)) % 64);
        NpyArray array = Read(bytes);
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal(values, array.Data);
    }

    [Theory]
    [InlineData("<f4", "(1000000, 1000000)", "at most")]
    [InlineData("<f4", "(0,)", "positive")]
    [InlineData("<c8", "(1,)", "'c8'")]
    [InlineData("<f4", "(3,)", "cut short")]
    [InlineData("<f4", "(1,)", "left over")]
    public void Arrays_that_cannot_be_read_are_refused_by_name(string type, string shape, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(Npy(type, shape, new byte[8]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Pickles_columns_and_values_that_are_no_numbers_are_refused()
    {
        Assert.Contains("plain array", Refusal(Header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new byte[8])), StringComparison.Ordinal);
        Assert.Contains("ascontiguousarray", Refusal(Header("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", new byte[16])), StringComparison.Ordinal);
        Assert.Contains("element 1", Refusal(Npy("<f4", "(2,)", [0, 0, 0, 0, 0, 0, 0xc0, 0x7f])), StringComparison.Ordinal);
        Assert.Contains("magic", Refusal("PK\x3\x4 something else"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_gives_samples_and_labels_by_their_names()
    {
        string path = _folder.Write("d.npz", Npz(("x", Npy("<f4", "(2, 2)", new byte[16])), ("y", Npy("<i8", "(2,)", [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]))));
        LabelledSamples samples = DataFiles.Read(path, null, null, [2]);
        Assert.Equal(2, samples.Count);
        Assert.Equal([1, 3], samples.Labels!);
    }

    [Fact]
    public void An_archive_with_other_arrays_says_how_to_name_them()
    {
        string path = _folder.Write("d.npz", Npz(("a", Npy("|u1", "(1,)", [1])), ("b", Npy("|u1", "(1,)", [1]))));
        Assert.Contains("a, b", Assert.Throws<InvalidDataException>(() => DataFiles.Read(path, null, null, [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_and_never_crash()
    {
        byte[] npy = Npy("<f4", "(2, 2)", new byte[16]), npz = Npz(("x", npy));
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            bool zip = i % 2 == 0;
            byte[] bytes = [.. zip ? npz : npy];
            if (random.Next(3) == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }
            else
            {
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            string path = _folder.Write(zip ? "f.npz" : "f.npy", bytes);
            try
            {
                _ = DataFiles.Read(path, null, null, [2]);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 800, 1999);
    }

    public void Dispose() => _folder.Dispose();

    internal static byte[] Npy(string type, string shape, byte[] data) => Header($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}", data);

    private static byte[] Header(string text, byte[] data)
    {
        byte[] header = Encoding.ASCII.GetBytes(text.PadRight(117) + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. data];
    }

    private static byte[] Npz(params (string Name, byte[] Array)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] array) in arrays)
            {
                using Stream entry = archive.CreateEntry($"{name}.npy").Open();
                entry.Write(array);
            }
        }

        return stream.ToArray();
    }

    private static NpyArray Read(byte[] bytes) => NpyReader.Read(new MemoryStream(bytes), "test");

    private static string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(bytes)).Message;
}
