using System.Runtime.Intrinsics;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// n GGSW ciphertexts in the Fourier domain, in native memory, in the order in which the CMUX reads them:
/// [i][block][v][row][column][8 re][8 im]. The transform's 1/M and the torus's 2^-64 are folded in.
/// </summary>
internal sealed unsafe class FourierBootstrapKey : IDisposable
{
    private readonly NativeBuffer _buffer;

    public FourierBootstrapKey(ParameterSet parameters)
    {
        Shape = new CmuxShape(parameters);
        Dimension = parameters.SmallDimension.Value;
        _buffer = new NativeBuffer(Dimension * Shape.GgswDoubles * sizeof(double));
    }

    /// <summary>The dimensions of each GGSW.</summary>
    public CmuxShape Shape { get; }

    /// <summary>n.</summary>
    public int Dimension { get; }

    /// <summary>The bytes held.</summary>
    public long Bytes => _buffer.Bytes;

    /// <summary>The instruction set that its polynomials were transformed with, which alone reads their order of values; null where it holds no key.</summary>
    public SimdPath? Path { get; set; }

    /// <summary>GGSW number <paramref name="index"/>.</summary>
    public double* this[int index] => _buffer.Doubles + (index * Shape.GgswDoubles);

    /// <summary>Transforms one polynomial of one GGSW and puts it in its place. Different places may be written in parallel.</summary>
    /// <param name="index">i.</param>
    /// <param name="row">u·l + (j − 1).</param>
    /// <param name="column">The GLWE component.</param>
    /// <param name="polynomial">N torus words.</param>
    /// <param name="work">N doubles.</param>
    /// <param name="path">The instruction set.</param>
    public void Put(int index, int row, int column, ReadOnlySpan<ulong> polynomial, double* work, SimdPath path)
    {
        int points = Shape.Plan.Points;
        double scale = 1.0 / 18446744073709551616.0 / points;
        for (int t = 0; t < points; t++)
        {
            double* slot = work + (t / 8 * 16) + (t % 8);
            slot[0] = (long)polynomial[t] * scale;
            slot[8] = (long)polynomial[t + points] * scale;
        }

        FourierTransform.Forward(work, Shape.Plan, path);
        double* ggsw = this[index];
        for (int vector = 0; vector < points / 8; vector++)
        {
            double* target = ggsw + ((((nint)vector * Shape.Rows) + row) * Shape.Columns * 16) + (column * 16);
            Vector512.Load(work + (16 * vector)).Store(target);
            Vector512.Load(work + (16 * vector) + 8).Store(target + 8);
        }
    }

    public void Dispose() => _buffer.Dispose();
}
