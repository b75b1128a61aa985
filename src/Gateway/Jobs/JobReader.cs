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

    /// <summary>The job's present state, or the last known one while its silo is lost: the next look finds it on another.</summary>
    public static async Task<JobStatus> Refresh(IInferenceJobGrain grain, JobStatus last)
    {
        try
        {
            return await grain.GetStatus() ?? last;
        }
        catch (Exception e) when (ClusterFailures.IsTransient(e))
        {
            return last;
        }
    }
}
