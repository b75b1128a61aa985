using BlindGrain.Cli.Tests.Running;
using BlindGrain.Clustering.Tests.Running;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>Silo and gateway processes with certificates on both sides.</summary>
[Trait("Category", "Cluster")]
public sealed class ClusterTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("authority");

    [Fact]
    public async Task Two_silos_and_a_gateway_trust_each_other_and_go_on_with_rotated_certificates()
    {
        string[] silo = [.. _authority.Issue(_folder.Path, "blindgrain-silo"), "--Cluster:Tls:ReloadInterval=00:00:01"];
        string[] gateway = [.. _authority.Issue(_folder.Path, "blindgrain-gateway"), "--Cluster:Tls:ReloadInterval=00:00:01"];
        await using var cluster = new ClusterProcesses();
        _ = await cluster.StartSiloAsync(more: silo);
        _ = await cluster.StartSiloAsync(more: silo);
        await cluster.StartGatewayAsync(gateway);
        await cluster.DeployAsync();
        await cluster.AssertRightAsync(await cluster.SubmitAsync(2));

        // The old authority is gone from all files, the processes run on; a new gateway and a new silo know the new one only.
        await cluster.KillGatewayAsync();
        using var next = new TestAuthority("next");
        _ = next.Issue(_folder.Path, "blindgrain-silo");
        _ = next.Issue(_folder.Path, "blindgrain-gateway");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await cluster.StartGatewayAsync(gateway);
        _ = await cluster.StartSiloAsync(more: silo);
        await cluster.AssertRightAsync(await cluster.SubmitAsync(2));
        Assert.DoesNotContain("PRIVATE KEY", cluster.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_trusted_says_why_and_gets_nowhere()
    {
        string[] silo = _authority.Issue(_folder.Path, "blindgrain-silo");
        await using var cluster = new ClusterProcesses();
        _ = await cluster.StartSiloAsync(more: silo);

        // Its own certificate stands under another authority, though it trusts the silo's.
        using var stranger = new TestAuthority("stranger");
        string folder = Directory.CreateDirectory(_folder.File("strange")).FullName;
        string[] strange = stranger.Issue(folder, "blindgrain-gateway");
        File.WriteAllText(Path.Combine(folder, "ca.crt"), stranger.Pem + "\n" + _authority.Pem);
        await using (Server gateway = cluster.StartGatewayProcess(strange))
        {
            _ = await gateway.ReadOutputUntil("The other side refuses certificate");
        }

        // None at all.
        await using (Server gateway = cluster.StartGatewayProcess())
        {
            _ = await gateway.ReadOutputUntil("need Cluster:Tls all or none");
        }

        await cluster.WaitForLogAsync("does not stand under the authority");
        await cluster.WaitForLogAsync("Does the other side use Cluster:Tls too?");
    }

    /// <summary>What TLS costs a job whose slices go to two silos: tells milliseconds a job without and with it, and their ratio.</summary>
    [Fact]
    public async Task Cost_of_tls()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BLINDGRAIN_LONG_TESTS") is { Length: > 0 }, "A measurement, not a check; set BLINDGRAIN_LONG_TESTS=1 and --output Detailed.");
        string[] silo = _authority.Issue(_folder.Path, "blindgrain-silo"), gateway = _authority.Issue(_folder.Path, "blindgrain-gateway");
        await using var plain = new ClusterProcesses();
        await using var secured = new ClusterProcesses();
        foreach ((ClusterProcesses cluster, bool tls) in new[] { (plain, false), (secured, true) })
        {
            _ = await cluster.StartSiloAsync(more: tls ? silo : []);
            _ = await cluster.StartSiloAsync(more: tls ? silo : []);
            await cluster.StartGatewayAsync(tls ? gateway : []);
            await cluster.DeployAsync();
            await cluster.AssertRightAsync(await cluster.SubmitAsync(10));
        }

        const int Rounds = 4, Jobs = 10;
        double[] times = new double[2];
        for (int round = 0; round < Rounds * 2; round++)
        {
            ClusterProcesses cluster = round % 2 == 0 ? plain : secured;
            long begun = TimeProvider.System.GetTimestamp();
            await cluster.AssertRightAsync(await cluster.SubmitAsync(Jobs));
            times[round % 2] += TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds / (Rounds * Jobs);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{times[0]:F1} ms, with TLS {times[1]:F1} ms: {times[1] / times[0]:F3}");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }
}
