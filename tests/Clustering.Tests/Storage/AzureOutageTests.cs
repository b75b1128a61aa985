using System.Net;
using BlindGrain.Clustering.Tests.Running;
using BlindGrain.Storage.Tests.AzureBlobs;

namespace BlindGrain.Clustering.Tests.Storage;

/// <summary>Azurite stopped under a cluster at work: nothing is lost, and who asks meanwhile is told to come again.</summary>
[Trait("Category", "Cluster")]
public sealed class AzureOutageTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("BLINDGRAIN_LONG_TESTS") is { Length: > 0 } ? 20 : 8);

    [Fact]
    public async Task No_job_fails_and_the_gateway_answers_503()
    {
        azurite.SkipWhereMissing();
        await using var cluster = new ClusterProcesses("--Storage:Backend=Azure", $"--Storage:AzureConnectionString={azurite.ConnectionString}");
        _ = await cluster.StartSiloAsync();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        await cluster.DeployAsync();
        string[] jobs = await cluster.SubmitAsync(6);
        _ = await cluster.WaitAsync(jobs[0], s => s.Progress.StepsDone >= 1);

        await azurite.StopAsync();
        Task outage = Task.Delay(s_outage);

        // A client waits for as long as it is told to; who asks once is told to come again.
        Task<string[]> meanwhile = cluster.SubmitAsync(1);
        using (HttpClient http = cluster.Http())
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri("/v2/jobs/nobody-knows", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        await outage;
        Assert.DoesNotContain("ended as Failed", cluster.Log, StringComparison.Ordinal);
        await azurite.StartAsync();
        await cluster.AssertRightAsync([.. jobs, .. await meanwhile]);
        await cluster.AssertRightAsync(await cluster.SubmitAsync(1));
    }
}
