using System.Runtime.InteropServices;
using SkiaSharp;

namespace BlindGrain.Compiler.Data;

/// <summary>Decodes a PNG image of a known size into the floats of a model's input. Decoding is Skia's.</summary>
internal static class PngImage
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">The size that the image must have, and how its channels lie. A coloured image for one channel becomes its luma by ITU-R BT.601;
    /// transparency is left out of account.</param>
    /// <param name="scale">What a channel's byte is multiplied with; null divides it by 255.</param>
    /// <exception cref="InvalidDataException">No PNG, a damaged one, or one of another size.</exception>
    public static float[] Read(string path, ImageLayout layout, float? scale)
    {
        long bytes = new FileInfo(path).Length;
        if (bytes > DataLimits.MaxImageBytes)
        {
            throw new InvalidDataException($"{path} has {bytes} bytes; an image may have at most {DataLimits.MaxImageBytes}.");
        }

        using var data = SKData.CreateCopy(File.ReadAllBytes(path));
        using SKCodec codec = SKCodec.Create(data) is { EncodedFormat: SKEncodedImageFormat.Png } png ? png : throw new InvalidDataException($"{path} is no PNG image.");

        // Before anything is unpacked: a small file may claim, and hold, a huge image.
        if (codec.Info.Width != layout.Width || codec.Info.Height != layout.Height)
        {
            throw new InvalidDataException($"{path} has {codec.Info.Width}x{codec.Info.Height} pixels; the model takes {layout.Width}x{layout.Height}.");
        }

        var pixels = new byte[4 * layout.Width * layout.Height];
        var pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        SKCodecResult result;
        try
        {
            result = codec.GetPixels(new SKImageInfo(layout.Width, layout.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), pin.AddrOfPinnedObject());
        }
        finally
        {
            pin.Free();
        }

        return result == SKCodecResult.Success ? Floats(pixels, layout, scale) : throw new InvalidDataException($"{path} is a damaged PNG image ({result}).");
    }

    private static float[] Floats(byte[] pixels, ImageLayout layout, float? scale)
    {
        int area = layout.Width * layout.Height;
        var x = new float[area * layout.Channels];
        for (int p = 0; p < area; p++)
        {
            (byte r, byte g, byte b) = (pixels[4 * p], pixels[(4 * p) + 1], pixels[(4 * p) + 2]);
            if (layout.Channels == 1)
            {
                x[p] = Scaled(r == g && g == b ? r : MathF.Round((0.299f * r) + (0.587f * g) + (0.114f * b)), scale);
                continue;
            }

            (int first, int step) = layout.ChannelsFirst ? (p, area) : (3 * p, 1);
            (x[first], x[first + step], x[first + (2 * step)]) = (Scaled(r, scale), Scaled(g, scale), Scaled(b, scale));
        }

        return x;
    }

    private static float Scaled(float value, float? scale) => scale is { } s ? value * s : value / 255f;
}
