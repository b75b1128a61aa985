using BlindGrain.Clustering.Tests.Running;

namespace BlindGrain.Clustering.Tests.Backends;

/// <summary>Silo processes that keep membership and reminders in a real server.</summary>
[Trait("Category", "Cluster")]
public sealed class ClusterOnServerTests
{
    /// <summary>Reminders that come too late for any test.</summary>
    private const string NoReminder = "--Worker:ResumeInterval=00:30:00";

    [Theory]
    [InlineData("Redis")]
    [InlineData("PostgreSql")]
    public async Task The_cluster_outlives_its_first_silo(string backend)
    {
        await using BackendProcess server = await BackendProcess.StartAsync(backend);
        await using var cluster = new ClusterProcesses([.. server.Settings, NoReminder]);
        int first = await cluster.StartSiloAsync();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        await cluster.DeployAsync();
        string[] jobs = await cluster.SubmitAsync(4);
        _ = await cluster.WaitAsync(jobs[0], s => s.Progress.StepsDone >= 1);
        await cluster.KillSiloAsync(first);

        // Nobody asks for them, and no reminder is due: membership's word is enough.
        foreach (string job in jobs)
        {
            await cluster.WaitForLogAsync($"Job {job} ended as");
        }

        await cluster.AssertRightAsync(jobs);

        // Another silo joins what the first one began.
        int third = await cluster.StartSiloAsync();
        await cluster.AssertRightAsync(await cluster.SubmitAsync(1));
        Assert.DoesNotContain(BackendProcess.Password, cluster.Log, StringComparison.Ordinal);
        Assert.Equal(2, third);
    }

    [Theory]
    [InlineData("Redis")]
    [InlineData("PostgreSql")]
    public async Task After_a_cold_start_of_everything_a_job_goes_on_without_anybody_asking(string backend)
    {
        await using BackendProcess server = await BackendProcess.StartAsync(backend);
        await using var cluster = new ClusterProcesses([.. server.Settings, NoReminder]);
        int silo = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        await cluster.DeployAsync();
        string[] jobs = await cluster.SubmitAsync(3);
        _ = await cluster.WaitAsync(jobs[0], s => s.Progress.StepsDone >= 1);
        await cluster.KillGatewayAsync();
        await cluster.KillSiloAsync(silo);
        await server.KillAsync();
        Assert.Contains(jobs, job => !cluster.Log.Contains($"Job {job} ended as", StringComparison.Ordinal));

        await server.StartAsync();
        _ = await cluster.StartSiloAsync(silo);
        foreach (string job in jobs)
        {
            await cluster.WaitForLogAsync($"Job {job} ended as");
        }

        await cluster.StartGatewayAsync();
        await cluster.AssertRightAsync(jobs);
    }

    [Theory]
    [InlineData("Redis")]
    [InlineData("PostgreSql")]
    public async Task A_server_that_is_away_for_a_while_costs_no_job(string backend)
    {
        await using BackendProcess server = await BackendProcess.StartAsync(backend);
        await using var cluster = new ClusterProcesses(server.Settings);
        _ = await cluster.StartSiloAsync();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        await cluster.DeployAsync();
        string[] jobs = await cluster.SubmitAsync(4);
        _ = await cluster.WaitAsync(jobs[0], s => s.Progress.StepsDone >= 1);
        await server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await server.StartAsync();
        await cluster.AssertRightAsync(jobs);
        await cluster.AssertRightAsync(await cluster.SubmitAsync(1));
    }
}
