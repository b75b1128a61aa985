using BlindGrain.Compiler.Data;
using SkiaSharp;

namespace BlindGrain.Compiler.Tests.Data;

/// <summary>Folders of PNG images.</summary>
public sealed class PngFolderTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void Grey_images_come_in_the_order_of_their_names_divided_by_255()
    {
        _ = _folder.Write("d/b.png", Grey(2, 1, 0, 51));
        _ = _folder.Write("d/a.png", Grey(2, 1, 255, 102));
        _ = _folder.Write("d/notes.txt", "not an image");
        LabelledSamples samples = DataFiles.Read(_folder.Folder("d"), null, null, [1, 1, 2]);
        Assert.Equal([[1f, 0.4f], [0f, 0.2f]], samples.Inputs);
        Assert.Null(samples.Labels);
        Assert.Equal([255f, 102f], DataFiles.Read(_folder.Folder("d"), null, 1, [1, 2]).Inputs[0]);
    }

    [Fact]
    public void Colours_are_planes_or_side_by_side_as_the_model_takes_them()
    {
        string path = _folder.Write("c.png", Coloured(new SKColor(255, 0, 51), new SKColor(0, 102, 255)));
        Assert.Equal([[1f, 0, 0, 0.4f, 0.2f, 1]], DataFiles.Read(path, null, null, [3, 2, 1]).Inputs);
        Assert.Equal([[1f, 0, 0.2f, 0, 0.4f, 1]], DataFiles.Read(path, null, null, [2, 1, 3]).Inputs);

        // Luma by BT.601: 0.299·255 + 0.114·51 = 82.06, 0.587·102 + 0.114·255 = 88.94.
        Assert.Equal([[82f, 89]], DataFiles.Read(path, null, 1, [1, 2, 1]).Inputs);
    }

    [Fact]
    public void Folders_are_classes_by_number_or_in_order()
    {
        _ = _folder.Write("n/7/x.png", Grey(1, 1, 0));
        _ = _folder.Write("n/2/x.png", Grey(1, 1, 255));
        Assert.Equal([2, 7], DataFiles.Read(_folder.Folder("n"), null, null, [1, 1]).Labels!);
        _ = _folder.Write("w/dog/x.png", Grey(1, 1, 0));
        _ = _folder.Write("w/cat/x.png", Grey(1, 1, 255));
        _ = _folder.Write("w/cat/y.png", Grey(1, 1, 255));
        Assert.Equal([0, 0, 1], DataFiles.Read(_folder.Folder("w"), null, null, [1, 1]).Labels!);
    }

    [Fact]
    public void A_labels_file_goes_with_a_flat_folder()
    {
        _ = _folder.Write("d/0.png", Grey(1, 1, 0));
        _ = _folder.Write("d/1.png", Grey(1, 1, 0));
        Assert.Equal([4, 5], DataFiles.Read(_folder.Folder("d"), _folder.Write("l.csv", "label\n4\n5\n"), null, [1, 1]).Labels!);
        Assert.Equal([4, 5], DataFiles.Read(_folder.Folder("d"), _folder.Write("l.npy", NpyTests.Npy("|u1", "(2,)", [4, 5])), null, [1, 1]).Labels!);
        Assert.Equal([4, 5], DataFiles.Read(_folder.Folder("d"), _folder.Write("l.idx", [0, 0, 8, 1, 0, 0, 0, 2, 4, 5]), null, [1, 1]).Labels!);
        Assert.Contains("different sets", Refusal(_folder.Folder("d"), _folder.Write("l.csv", "4\n5\n6\n"), [1, 1]), StringComparison.Ordinal);
        Assert.Contains("no class number", Refusal(_folder.Folder("d"), _folder.Write("l.csv", "4\n-5\n"), [1, 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_size_and_huge_ones_are_refused_before_they_are_unpacked()
    {
        string path = _folder.Write("d.png", Grey(3, 2, 0, 0, 0, 0, 0, 0));
        Assert.Contains("3x2 pixels; the model takes 2x2", Refusal(path, null, [1, 2, 2]), StringComparison.Ordinal);
        byte[] huge = Grey(1, 1, 0);

        // Width and height of the header chunk, with its checksum left wrong: Skia refuses either, the claim or the damage.
        huge[16] = huge[20] = 0x7f;
        Assert.NotEmpty(Refusal(_folder.Write("h.png", huge), null, [1, 1]));
        Assert.Contains("no PNG", Refusal(_folder.Write("j.png", "GIF89a"), null, [1, 1]), StringComparison.Ordinal);
        Assert.Contains("Images need a model", Refusal(path, null, [5]), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_images_are_refused_and_never_crash()
    {
        byte[] good = Grey(4, 4, [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 13))]);
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] bytes = [.. good];
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            bytes = random.Next(2) == 0 ? bytes : bytes[..random.Next(bytes.Length)];
            string path = _folder.Write("f.png", bytes);
            try
            {
                Assert.Equal(16, DataFiles.Read(path, null, null, [4, 4]).Inputs[0].Length);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 200, 500);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(string data, string? labels, int[] shape) => Assert.Throws<InvalidDataException>(() => DataFiles.Read(data, labels, null, shape)).Message;

    private static byte[] Grey(int width, int height, params byte[] pixels)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        for (int i = 0; i < pixels.Length; i++)
        {
            bitmap.SetPixel(i % width, i / width, new SKColor(pixels[i], pixels[i], pixels[i]));
        }

        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
    }

    private static byte[] Coloured(params SKColor[] column)
    {
        using var bitmap = new SKBitmap(1, column.Length, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < column.Length; i++)
        {
            bitmap.SetPixel(0, i, column[i]);
        }

        return bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray();
    }
}
