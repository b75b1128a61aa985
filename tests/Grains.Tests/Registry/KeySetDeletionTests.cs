using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlindGrain.Grains.Tests.Registry;

/// <summary>A key set that its owner deletes is used by nobody any more, on no silo.</summary>
public sealed class KeySetDeletionTests
{
    [Fact]
    public async Task Jobs_that_run_end_as_failed_and_all_caches_drop_it()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IHost second = await silos.AddAsync();
        await silos.DeployAsync("t");

        // Both silos have the key, and the job stands behind its first look-up.
        var begun = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        foreach (IHost host in new[] { silos.First, second })
        {
            ((FaultyStore)host.Services.GetRequiredService<IBlobStore>()).BeforeWrite = name =>
            {
                _ = name.Contains("/values/", StringComparison.Ordinal) && begun.TrySetResult();
                return begun.Task.IsCompleted ? held.Task : Task.CompletedTask;
            };
        }

        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        await begun.Task;
        IKeySetGrain keySet = silos.Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k"));
        Task deletion = keySet.Delete();
        held.SetResult();
        await deletion;
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal((JobPhase.Failed, JobErrors.KeySetNotFound), (status.Phase, status.ErrorCode));
        Assert.NotEmpty(status.Error!);
        Assert.Null(await keySet.Get());
        Assert.Empty(await silos.ListAsync("tenants/t/keysets/"));
        await EmptyAsync(silos.First.Services.GetRequiredService<ServerKeyCache>());
        await EmptyAsync(second.Services.GetRequiredService<ServerKeyCache>());
    }

    [Fact]
    public async Task A_silo_that_was_not_told_finds_out()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Worker:KeyCheckInterval", "00:00:01"));
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        Assert.Equal(JobPhase.Succeeded, (await silos.WaitForEndAsync("t", "j")).Phase);
        ServerKeyCache cache = silos.First.Services.GetRequiredService<ServerKeyCache>();
        Assert.Equal([("t", "k")], cache.Held);
        await silos.Blobs.DeleteAsync(BlobNames.KeySet("t", "k"));
        await EmptyAsync(cache);
    }

    /// <summary>Waits until the cache holds nothing: slices that were being computed finish first.</summary>
    private static async Task EmptyAsync(ServerKeyCache cache)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (cache.UsedBytes > 0)
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
