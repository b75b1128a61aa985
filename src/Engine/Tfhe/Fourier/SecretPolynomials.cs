namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>
/// Binary polynomials S_u in the Fourier domain, for exact products with torus polynomials: a 64-bit word is split in two
/// signed halves of 32 bits, whose products with a binary polynomial stay far below 2^53 and round to the exact integer.
/// </summary>
internal sealed unsafe class SecretPolynomials : IDisposable
{
    private readonly NativeBuffer _key;
    private readonly FourierPlan _plan;
    private readonly int _count;
    private readonly int _size;

    public SecretPolynomials(ReadOnlySpan<byte> bits, int count, int size)
    {
        _count = count;
        _size = size;
        _plan = FourierPlan.For(size);
        _key = new NativeBuffer((long)count * size * sizeof(double));
        for (int u = 0; u < count; u++)
        {
            double* polynomial = _key.Doubles + ((nint)u * size);
            for (int t = 0; t < size; t++)
            {
                polynomial[Slot(t)] = bits[(u * size) + t];
            }

            FourierTransform.Forward(polynomial, _plan, SimdPaths.Best);
        }
    }

    /// <summary>A multiplier with work space of its own, for one thread.</summary>
    public Multiplier CreateMultiplier() => new(this);

    public void Dispose()
    {
        new Span<double>(_key.Doubles, _count * _size).Clear();
        _key.Dispose();
    }

    private int Slot(int t)
    {
        int points = _size / 2, folded = t % points;
        return (folded / 8 * 16) + (folded % 8) + (t < points ? 0 : 8);
    }

    /// <summary>Computes Σ_u A_u·S_u.</summary>
    internal sealed class Multiplier(SecretPolynomials key) : IDisposable
    {
        private readonly NativeBuffer _work = new(3L * key._size * sizeof(double));

        /// <summary>Writes Σ_u A_u·S_u modulo X^N + 1 and 2^64.</summary>
        /// <param name="mask">k polynomials of N words.</param>
        /// <param name="result">N words.</param>
        public void MaskTimesKey(ReadOnlySpan<ulong> mask, Span<ulong> result)
        {
            int size = key._size;
            result.Clear();
            for (int half = 0; half < 2; half++)
            {
                double* sum = _work.Doubles + size;
                new Span<double>(sum, size).Clear();
                for (int u = 0; u < key._count; u++)
                {
                    LoadHalf(mask.Slice(u * size, size), half, _work.Doubles);
                    FourierTransform.Forward(_work.Doubles, key._plan, SimdPaths.Best);
                    MultiplyAdd(_work.Doubles, key._key.Doubles + ((nint)u * size), sum, size);
                }

                FourierTransform.Inverse(sum, key._plan, SimdPaths.Best);
                double scale = 1.0 / key._plan.Points;
                for (int t = 0; t < size; t++)
                {
                    result[t] += (ulong)(long)Math.Round(sum[key.Slot(t)] * scale) << (half == 0 ? 0 : 32);
                }
            }
        }

        public void Dispose() => _work.Dispose();

        private static void MultiplyAdd(double* a, double* b, double* sum, int size)
        {
            for (int v = 0; v < size; v += 16)
            {
                for (int lane = v; lane < v + 8; lane++)
                {
                    sum[lane] += (a[lane] * b[lane]) - (a[lane + 8] * b[lane + 8]);
                    sum[lane + 8] += (a[lane] * b[lane + 8]) + (a[lane + 8] * b[lane]);
                }
            }
        }

        private void LoadHalf(ReadOnlySpan<ulong> words, int half, double* target)
        {
            for (int t = 0; t < words.Length; t++)
            {
                int low = (int)words[t];
                target[key.Slot(t)] = half == 0 ? low : (int)((words[t] - (ulong)low) >> 32);
            }
        }
    }
}
