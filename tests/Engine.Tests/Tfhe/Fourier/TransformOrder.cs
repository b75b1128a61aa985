using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tests.Tfhe.Fourier;

/// <summary>At which root of −1 each value of a path's transform is: paths differ in the order.</summary>
internal static unsafe class TransformOrder
{
    /// <summary>For each slot 0 to M − 1, the odd c for which its value is that at e^(iπc/N), from the transform of X.</summary>
    /// <param name="size">N.</param>
    /// <param name="forward">The transform, in place.</param>
    public static int[] Of(int size, Action<IntPtr> forward)
    {
        using var x = new NativeBuffer((long)size * sizeof(double));
        new Span<double>(x.Doubles, size).Clear();
        x.Doubles[1] = 1;
        forward((IntPtr)x.Doubles);
        return [.. Enumerable.Range(0, size / 2).Select(i => (int)Math.Round(Math.Atan2(x.Doubles[Slot(i) + 8], x.Doubles[Slot(i)]) * size / Math.PI) & ((2 * size) - 1))];
    }

    /// <summary>Where the real part of value <paramref name="i"/> lies; the imaginary part is eight doubles on.</summary>
    public static int Slot(int i) => (i / 8 * 16) + (i % 8);

    /// <summary>The values by root.</summary>
    public static Dictionary<int, (double Re, double Im)> Values(double* data, int[] order) =>
        Enumerable.Range(0, order.Length).ToDictionary(i => order[i], i => (data[Slot(i)], data[Slot(i) + 8]));
}
