namespace BlindGrain.Compiler.Data;

/// <summary>How a model's input holds an image: its size, its channels, and whether channels come first.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for grey, 3 for red, green, blue.</param>
/// <param name="ChannelsFirst">Planes one after the other, instead of a pixel's channels side by side.</param>
internal sealed record ImageLayout(int Width, int Height, int Channels, bool ChannelsFirst)
{
    /// <summary>Reads a shape without the batch axis: [H, W], [1 or 3, H, W], [H, W, 1 or 3], or a flat one whose length is a square.</summary>
    /// <exception cref="InvalidDataException">The shape is none of these.</exception>
    public static ImageLayout Of(int[] shape)
    {
        int side = shape.Length == 1 ? (int)Math.Round(Math.Sqrt(shape[0])) : 0;
        return shape switch
        {
            [1 or 3, int h, int w] => new ImageLayout(w, h, shape[0], true),
            [int h, int w, 1 or 3] => new ImageLayout(w, h, shape[2], false),
            [int h, int w] => new ImageLayout(w, h, 1, true),
            [int n] when side * side == n => new ImageLayout(side, side, 1, true),
            _ => throw new InvalidDataException($"Images need a model whose input is [rows, columns], with 1 or 3 channels before or behind, or a flat square; this one takes [{string.Join(", ", shape)}]."),
        };
    }
}
