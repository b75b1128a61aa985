using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Jobs;

/// <summary>Looks at jobs again and again, as waiting requests and event streams do.</summary>
internal static class JobReader
{
    /// <summary>The job's present state, or null where there is no such job. Where its silo is lost, a second look finds it on another.</summary>
    public static async Task<JobStatus?> Read(IInferenceJobGrain grain)
    {
        try
        {
            return await grain.GetStatus();
        }
        catch (Exception e) when (ClusterFailures.IsTransient(e) && !ClusterFailures.IsOfStorage(e))
        {
            return await grain.GetStatus();
        }
    }

    /// <summary>
    /// The job's state once it is in another phase, or after some time; the last known one while its silo is lost, since the next look finds it on another. Null where the gateway stops
    /// meanwhile: its host waits for requests in progress, so these must end.
    /// </summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public static async Task<JobStatus?> Watch(IInferenceJobGrain grain, JobStatus last, TimeSpan patience, IHostApplicationLifetime host, CancellationToken request)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(request, host.ApplicationStopping);
        JobStatus? present = null;
        if (!either.IsCancellationRequested)
        {
            Task<JobStatus?> call = grain.Watch(last.Phase, patience);
            call.Ignore();
            try
            {
                present = await call.WaitAsync(either.Token);
            }
            catch (Exception e) when (ClusterFailures.IsTransient(e))
            {
                // Nothing to tell; the pause keeps this from being asked without end.
            }

            if (present is null)
            {
                await Task.Delay(patience, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        request.ThrowIfCancellationRequested();
        return host.ApplicationStopping.IsCancellationRequested ? null : present ?? last;
    }
}
