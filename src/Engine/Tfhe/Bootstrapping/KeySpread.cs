using BlindGrain.Engine.Tfhe.Fourier;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// How a step of a blind rotation spreads its requests for the next step's key over its loops. A core drops, or is held up by, requests that it has no room to wait for. With fewer than eight lanes they
/// come evenly from all loops but the passes. Eight lanes are faster than memory: there most come from where nothing else misses the first-level cache, the passes and the ends of a block's parts; few
/// from digits and sums, which read accumulators; and none from products, which read this step's key. Measured on Zen 5: docs/engine.md.
/// </summary>
/// <param name="EdgeStep">Bytes from one request of the digits' and sums' loops to the next; one for each register of complex numbers.</param>
/// <param name="PassStep">The same in the passes; one for each butterfly of radix 4.</param>
/// <param name="BlockStep">The same in a block's transforms, and in its products if there are fewer than eight lanes.</param>
/// <param name="Extra">Lines asked for behind each of a block's three parts.</param>
internal readonly record struct KeySpread(nint EdgeStep, nint PassStep, nint BlockStep, int Extra)
{
    private const int Line = 64;

    /// <summary>Spreads so many bytes.</summary>
    /// <typeparam name="S">The instruction set.</typeparam>
    /// <typeparam name="TVector">Its register.</typeparam>
    /// <param name="shape">The step.</param>
    /// <param name="bytes">What one step asks for.</param>
    public static KeySpread Of<S, TVector>(CmuxShape shape, long bytes)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        FourierPlan plan = shape.Plan;
        int polynomials = shape.Rows + shape.Columns, edges = EdgeRequests<S, TVector>(shape);
        if (S.Lanes < 8)
        {
            nint even = Stride(bytes, edges + (plan.Blocks * ((8 * polynomials) + (64 / S.Lanes * shape.Rows))));
            return new KeySpread(even, 0, even, 0);
        }

        int passes = polynomials * FourierKernel<S, TVector>.RequestsOfPasses(plan), blocks = plan.Blocks * 8 * polynomials;
        nint edgeStep = (nint)Math.Min(Line, bytes / 5 / edges), passStep = Line * (long)passes > bytes / 3 ? Line / 2 : Line;
        long left = bytes - (edgeStep * edges) - (passStep * passes);
        nint blockStep = Stride(left, blocks);
        left -= blockStep * blocks;
        return new KeySpread(edgeStep, passStep, blockStep, left <= 0 ? 0 : (int)((left + (3 * Line * plan.Blocks) - 1) / (3 * Line * plan.Blocks)));
    }

    /// <summary>The requests of the digits' and sums' loops in one step.</summary>
    public static int EdgeRequests<S, TVector>(CmuxShape shape)
        where S : struct, ISimd<TVector>
        where TVector : unmanaged => (shape.Rows + shape.Columns) * (shape.Plan.Points / S.Lanes);

    /// <summary>Bytes from one request to the next, so that all is asked for by so many; a line at most, even if some is left then.</summary>
    public static nint Stride(long bytes, int requests) => (nint)Math.Clamp((bytes + requests - 1) / requests, 0, Line);
}
