namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>Cuts a batch into blocks and runs them on all cores.</summary>
internal static class BlockLoop
{
    /// <summary>Runs <paramref name="body"/>(first sample, count) for each block.</summary>
    /// <exception cref="ArgumentException">A block was refused: the first one's message.</exception>
    public static void Run(int samples, int lanes, Action<int, int> body, CancellationToken cancellation)
    {
        int blocks = (samples + lanes - 1) / lanes;
        try
        {
            _ = Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancellation }, b => body(b * lanes, Math.Min(lanes, samples - (b * lanes))));
        }
        catch (AggregateException e) when (e.InnerException is ArgumentException first)
        {
            throw new ArgumentException(first.Message, nameof(samples), e);
        }
    }
}
