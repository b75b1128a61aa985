using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>The negacyclic transform with the instruction set chosen at run time.</summary>
internal static unsafe class FourierTransform
{
    /// <summary>Transforms M = N/2 folded points in place.</summary>
    public static void Forward(double* data, FourierPlan plan, SimdPath path)
    {
        switch (path)
        {
            case SimdPath.Avx512:
                FourierKernel<Avx512Simd, Vector512<double>>.Forward(data, plan);
                break;
            case SimdPath.Avx2:
                FourierKernel<Avx2Simd, Vector256<double>>.Forward(data, plan);
                break;
            default:
                FourierKernel<PortableSimd, Vector128<double>>.Forward(data, plan);
                break;
        }
    }

    /// <summary>Undoes <see cref="Forward"/> but for a factor of M, in place.</summary>
    public static void Inverse(double* data, FourierPlan plan, SimdPath path)
    {
        switch (path)
        {
            case SimdPath.Avx512:
                FourierKernel<Avx512Simd, Vector512<double>>.Inverse(data, plan);
                break;
            case SimdPath.Avx2:
                FourierKernel<Avx2Simd, Vector256<double>>.Inverse(data, plan);
                break;
            default:
                FourierKernel<PortableSimd, Vector128<double>>.Inverse(data, plan);
                break;
        }
    }
}
