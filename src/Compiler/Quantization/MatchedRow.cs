using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace BlindGrain.Compiler.Quantization;

/// <summary>One output channel: its float weights, what its outputs ask for, and its integers as they are.</summary>
internal sealed class MatchedRow(double[] floats, double[] target)
{
    /// <summary>normal · q, kept up to date.</summary>
    private readonly double[] _product = new double[floats.Length];

    private bool _fresh;

    /// <summary>The float weights.</summary>
    public double[] Floats => floats;

    /// <summary>The integers as they are.</summary>
    public int[] Integers { get; set; } = new int[floats.Length];

    /// <summary>q · target.</summary>
    public double Along()
    {
        double sum = 0;
        for (int k = 0; k < floats.Length; k++)
        {
            sum += Integers[k] * target[k];
        }

        return sum;
    }

    /// <summary>q · normal · q.</summary>
    public double Square()
    {
        double sum = 0;
        for (int k = 0; k < floats.Length; k++)
        {
            sum += Integers[k] * _product[k];
        }

        return sum;
    }

    /// <summary>Takes the nearest integers at a scale.</summary>
    public void Round(double scale, int top)
    {
        for (int k = 0; k < floats.Length; k++)
        {
            Integers[k] = (int)Math.Clamp(Math.Round(floats[k] / scale), -top, top);
        }

        _fresh = false;
    }

    /// <summary>Takes the best integer for one weight after the other; whether any changed.</summary>
    public bool Sweep(double[] normal, double scale, int top)
    {
        int n = floats.Length;
        if (!_fresh)
        {
            Array.Clear(_product);
            for (int k = 0; k < n; k++)
            {
                if (Integers[k] != 0)
                {
                    TensorPrimitives.MultiplyAdd(normal.AsSpan(k * n, n), Integers[k], _product, _product);
                }
            }

            _fresh = true;
        }

        bool moved = false;
        for (int k = 0; k < n; k++)
        {
            if (floats[k] == 0)
            {
                continue;
            }

            double own = normal[(k * n) + k], rest = _product[k] - (own * Integers[k]);
            int best = (int)Math.Clamp(Math.Round(((target[k] / scale) - rest) / own), -top, top), by = best - Integers[k];
            if (by != 0)
            {
                TensorPrimitives.MultiplyAdd(normal.AsSpan(k * n, n), by, _product, _product);
                Integers[k] = best;
                moved = true;
            }
        }

        return moved;
    }
}
