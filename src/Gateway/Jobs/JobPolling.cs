namespace BlindGrain.Gateway.Jobs;

/// <summary>How often a job is looked at: often at first, for short jobs, then ever less.</summary>
internal static class JobPolling
{
    /// <summary>The first pause.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);

    /// <summary>The pause after <paramref name="pause"/>, never longer than <paramref name="longest"/>.</summary>
    public static TimeSpan Next(TimeSpan pause, TimeSpan longest)
    {
        TimeSpan next = pause * 1.25;
        return next < longest ? next : longest;
    }

    /// <summary>Waits; false where the gateway stops meanwhile: its host waits for requests in progress, so these must end.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public static async Task<bool> Pause(TimeSpan pause, IHostApplicationLifetime host, CancellationToken request)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(request, host.ApplicationStopping);
        await Task.Delay(pause, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        request.ThrowIfCancellationRequested();
        return !host.ApplicationStopping.IsCancellationRequested;
    }
}
