namespace BlindGrain.Training.Data;

/// <summary>Images that are turned, scaled, sheared and moved a little, each in its own way: more training data out of few.</summary>
/// <param name="Degrees">The most that an image is turned, either way.</param>
/// <param name="Scale">The most that it grows or shrinks, as a share.</param>
/// <param name="Shear">The most that a row moves against the one above it, in pixels a row.</param>
/// <param name="Shift">The most that it moves, in pixels, either way.</param>
internal sealed record Augmentation(double Degrees, double Scale, double Shear, double Shift)
{
    /// <summary>Changed images of the same labels.</summary>
    /// <param name="images">Square images of one channel, flat or [1, side, side].</param>
    /// <param name="random">What the changes are drawn from.</param>
    public Dataset Apply(Dataset images, SeededRandom random)
    {
        int length = images.SampleLength, side = (int)Math.Round(Math.Sqrt(length));
        if (side * side != length)
        {
            throw new ArgumentException($"Images are square and of one channel; {length} pixels are not.", nameof(images));
        }

        var values = new float[images.Values.Length];
        for (int i = 0; i < images.Count; i++)
        {
            Warp(images.Values.AsSpan(i * length, length), values.AsSpan(i * length, length), side, random);
        }

        return images with { Values = values };
    }

    private void Warp(ReadOnlySpan<float> from, Span<float> to, int side, SeededRandom random)
    {
        double angle = random.NextUniform(-Degrees, Degrees) * Math.PI / 180, shear = random.NextUniform(-Shear, Shear), centre = (side - 1) / 2.0;
        double wide = 1 / (1 + random.NextUniform(-Scale, Scale)), high = 1 / (1 + random.NextUniform(-Scale, Scale));
        double right = random.NextUniform(-Shift, Shift), down = random.NextUniform(-Shift, Shift), cos = Math.Cos(angle), sin = Math.Sin(angle);
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                double u = x - centre - right, v = y - centre - down;
                u += shear * v;
                to[(y * side) + x] = Bilinear(from, side, (((u * cos) - (v * sin)) * wide) + centre, (((u * sin) + (v * cos)) * high) + centre);
            }
        }
    }

    private static float Bilinear(ReadOnlySpan<float> image, int side, double x, double y)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float fx = (float)(x - left), fy = (float)(y - top);
        return ((1 - fy) * (((1 - fx) * At(image, side, left, top)) + (fx * At(image, side, left + 1, top))))
            + (fy * (((1 - fx) * At(image, side, left, top + 1)) + (fx * At(image, side, left + 1, top + 1))));
    }

    private static float At(ReadOnlySpan<float> image, int side, int x, int y) => x >= 0 && x < side && y >= 0 && y < side ? image[(y * side) + x] : 0;
}
