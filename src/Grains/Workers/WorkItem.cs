namespace BlindGrain.Grains.Workers;

/// <summary>A piece of work of one job that waits for a worker thread. It is run or cancelled; where it is taken in parts, it may be both.</summary>
internal abstract class WorkItem(string tenant, string job)
{
    public string Tenant => tenant;

    public string Job => job;

    /// <summary>Nobody will take what is left of it. May be called on any thread.</summary>
    public abstract void Cancel();
}

/// <summary>Work that is one call, such as a linear step.</summary>
internal sealed class CallItem<T>(string tenant, string job, Func<T> call, CancellationToken cancellation) : WorkItem(tenant, job), ICall
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _completion.Task;

    public void Run()
    {
        if (cancellation.IsCancellationRequested)
        {
            _ = _completion.TrySetCanceled(cancellation);
            return;
        }

        try
        {
            _ = _completion.TrySetResult(call());
        }
        catch (Exception e)
        {
            _ = _completion.TrySetException(e);
        }
    }

    public override void Cancel() => _completion.TrySetCanceled(CancellationToken.None);
}

/// <summary>Runs once; never throws.</summary>
internal interface ICall
{
    void Run();
}
