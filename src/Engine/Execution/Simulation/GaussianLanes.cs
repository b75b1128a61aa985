using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>
/// Standard normal deviates for a block of samples, eight lanes a vector: xoshiro128++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
/// 2021) in every lane, Box and Muller's transform after it. A lane's deviates depend on its seed and sample alone, not on its neighbours, blocks or threads. Deviates reach ±6.7.
/// For simulation only: nothing secret comes from here.
/// </summary>
internal sealed class GaussianLanes
{
    private readonly int _lanes;
    private readonly uint[] _state;

    /// <summary>Makes the generators of a block.</summary>
    /// <param name="lanes">A multiple of 8.</param>
    public GaussianLanes(int lanes)
    {
        _lanes = lanes;
        _state = new uint[4 * lanes];
    }

    /// <summary>Sets a lane to the beginning of a sample's stream.</summary>
    public void Seed(int lane, ulong seed, int sample)
    {
        ulong state = Mix(seed) + ((ulong)sample * 0x9E3779B97F4A7C15UL);
        ulong first = Mix(state), second = Mix(state + 0xD1B54A32D192ED03UL);
        _state[lane] = (uint)first;
        _state[_lanes + lane] = (uint)(first >> 32);
        _state[(2 * _lanes) + lane] = (uint)second;
        _state[(3 * _lanes) + lane] = (uint)(second >> 32) | 1;
    }

    /// <summary>Fills rows of lanes with deviates of standard deviation <paramref name="deviation"/>.</summary>
    public void Fill(Span<float> rows, float deviation)
    {
        ref float target = ref MemoryMarshal.GetReference(rows);
        int pair = 2 * _lanes;
        for (int row = 0; row < rows.Length; row += pair)
        {
            bool both = row + pair <= rows.Length;
            for (int lane = 0; lane < _lanes; lane += Vector256<uint>.Count)
            {
                (Vector256<float> first, Vector256<float> second) = Next(lane, deviation);
                first.StoreUnsafe(ref target, (nuint)(row + lane));
                if (both)
                {
                    second.StoreUnsafe(ref target, (nuint)(row + _lanes + lane));
                }
            }
        }
    }

    private (Vector256<float> First, Vector256<float> Second) Next(int lane, float deviation)
    {
        ref uint state = ref MemoryMarshal.GetArrayDataReference(_state);
        nuint at = (nuint)lane, step = (nuint)_lanes;
        Vector256<uint> s0 = Vector256.LoadUnsafe(ref state, at), s1 = Vector256.LoadUnsafe(ref state, at + step);
        Vector256<uint> s2 = Vector256.LoadUnsafe(ref state, at + (2 * step)), s3 = Vector256.LoadUnsafe(ref state, at + (3 * step));
        Vector256<uint> radius = Advance(ref s0, ref s1, ref s2, ref s3), angle = Advance(ref s0, ref s1, ref s2, ref s3);
        s0.StoreUnsafe(ref state, at);
        s1.StoreUnsafe(ref state, at + step);
        s2.StoreUnsafe(ref state, at + (2 * step));
        s3.StoreUnsafe(ref state, at + (3 * step));

        // (x + 1/2)·2^-32 is never 0; all 32 bits count, for the tail.
        Vector256<float> u = (Vector256.ConvertToSingle(radius) + Vector256.Create(0.5f)) * Vector256.Create(2.3283064365386963e-10f);
        Vector256<float> r = Vector256.Sqrt(Vector256.Log(u) * Vector256.Create(-2f)) * Vector256.Create(deviation);
        Vector256<float> turn = Vector256.ConvertToSingle((angle >> 8).AsInt32()) * Vector256.Create(MathF.Tau / (1 << 24));
        (Vector256<float> sin, Vector256<float> cos) = Vector256.SinCos(turn);
        return (r * cos, r * sin);
    }

    private static Vector256<uint> Advance(ref Vector256<uint> s0, ref Vector256<uint> s1, ref Vector256<uint> s2, ref Vector256<uint> s3)
    {
        Vector256<uint> result = Rotate(s0 + s3, 7) + s0, shifted = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = Rotate(s3, 11);
        return result;
    }

    private static Vector256<uint> Rotate(Vector256<uint> x, int by) => (x << by) | (x >>> (32 - by));

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
