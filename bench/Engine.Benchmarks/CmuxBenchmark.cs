using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarks;

/// <summary>One step of a blind rotation (the external product and what goes with it), and its decomposition alone, on the machine's best path; k = 1.</summary>
public unsafe class CmuxBenchmark
{
    private NativeBuffer? _accumulator;
    private NativeBuffer? _ggsw;
    private NativeBuffer? _work;
    private CmuxShape? _shape;

    [Params(1024, 2048, 4096, 8192, 16384)]
    public int N { get; set; }

    [Params(1, 2)]
    public int Levels { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // Time depends on the shape alone.
        _shape = new CmuxShape(new ParameterSet(new(800), new(1), new(N), Levels == 1 ? new(23, 1) : new(15, 2), new(4, 3)));
        _accumulator = new NativeBuffer((long)_shape.AccumulatorWords * sizeof(ulong));
        _ggsw = new NativeBuffer(_shape.GgswDoubles * sizeof(double));
        _work = new NativeBuffer((long)_shape.WorkDoubles * sizeof(double));
    }

    [Benchmark]
    public void Step()
    {
        switch (SimdPaths.Best)
        {
            case SimdPath.Avx512:
                Step<Avx512Simd, Vector512<double>>();
                break;
            case SimdPath.Avx2:
                Step<Avx2Simd, Vector256<double>>();
                break;
            default:
                Step<PortableSimd, Vector128<double>>();
                break;
        }
    }

    [Benchmark]
    public void DecomposeOnePolynomial()
    {
        switch (SimdPaths.Best)
        {
            case SimdPath.Avx512:
                Decompose<Avx512Simd, Vector512<double>>();
                break;
            case SimdPath.Avx2:
                Decompose<Avx2Simd, Vector256<double>>();
                break;
            default:
                Decompose<PortableSimd, Vector128<double>>();
                break;
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _accumulator?.Dispose();
        _ggsw?.Dispose();
        _work?.Dispose();
    }

    private void Step<S, TVector>()
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        ulong* accumulator = _accumulator!.Words64;
        CmuxKernel<S, TVector>.Step(accumulator, N / 3, accumulator, accumulator, _ggsw!.Doubles, default, _shape!, _work!.Doubles);
    }

    private void Decompose<S, TVector>()
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        ulong* accumulator = _accumulator!.Words64;
        CmuxKernel<S, TVector>.Decompose(accumulator, accumulator, N / 3, N, _shape!.Digits[0], _work!.Doubles, (byte*)_work.Doubles, 0, (byte*)_work.Doubles, 0);
    }
}
