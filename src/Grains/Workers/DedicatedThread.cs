namespace BlindGrain.Grains.Workers;

/// <summary>Runs something long on a thread of its own: loading of keys and models, which neither the thread pool nor the workers should wait on.</summary>
internal static class DedicatedThread
{
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
