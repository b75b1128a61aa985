using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Tests.Jobs;

public sealed class StorageOutageTests
{
    [Theory]
    [InlineData("grains/job/")]
    [InlineData("/values/")]
    [InlineData("/result")]
    public async Task A_job_waits_for_storage_that_is_away_longer_than_it_tries_faults(string part)
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        int failures = 0;
        silos.Store.BeforeOpen = name => name.EndsWith("/key", StringComparison.Ordinal) ? Away(name, 3) : Task.CompletedTask;
        _ = await silos.SubmitAsync("t", "j", TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes());
        silos.Store.BeforeWrite = name => name.Contains(part, StringComparison.Ordinal) ? Away(name, 9) : Task.CompletedTask;
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal((JobPhase.Succeeded, null), (status.Phase, status.Error));
        Assert.True(failures >= 5);

        Task Away(string name, int most) => Interlocked.Increment(ref failures) <= most
            ? Task.FromException(new BlobStoreUnavailableException($"{name} cannot be reached."))
            : Task.CompletedTask;
    }
}
