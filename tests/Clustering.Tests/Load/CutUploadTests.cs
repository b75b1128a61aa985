using System.Security.Cryptography;
using BlindGrain.Client;
using BlindGrain.Clustering.Tests.Faults;
using BlindGrain.Clustering.Tests.Running;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Clustering.Tests.Load;

/// <summary>
/// Evaluation keys, some 300 MB in the long form, whose upload is cut ten times in the middle of a chunk: a new client goes on each time, the key set is committed, nothing is sent twice but
/// the chunks that were cut, and the gateway's memory hardly grows, checks of the whole file included.
/// </summary>
[Trait("Category", "Cluster")]
public sealed class CutUploadTests
{
    private const int Cuts = 10;
    private const int LargestChunk = 4 << 20;
    private const long MostGrowth = 64L << 20;

    [Fact]
    public async Task An_upload_that_is_cut_ten_times_resumes_and_commits_in_bounded_memory()
    {
        var parameters = new ParameterSuite([.. ParameterCatalog.All.OrderByDescending(p => EvaluationKey.FileSize(p)).Take(LongForm.Choose(1, ParameterSuite.MaxSets))]);
        using var file = new MemoryStream();
        ClientKey.Generate(parameters).CreateEvaluationKey().Write(file);
        await using var cluster = new ClusterProcesses();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        await WarmUpAsync(cluster);
        long before = cluster.GatewayBytes, most = before;
        long sent = 0;
        for (int cut = 1; cut <= Cuts; cut++)
        {
            // Somewhere in the next tenth, while the chunk behind the progress told is on its way.
            using var stop = new CancellationTokenSource();
            using var client = new BlindGrainClient(cluster.Address, cluster.TenantKey);
            long until = ((file.Length * cut) - (file.Length / 2)) / Cuts;
            var progress = new Told(received => stop.CancelAfter(received >= until ? RandomNumberGenerator.GetInt32(0, 4) : Timeout.Infinite));
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.UploadKeySetAsync("big", parameters, file, progress, stop.Token));
            sent += client.BytesSent;
            most = Math.Max(most, cluster.GatewayBytes);
        }

        using var last = new BlindGrainClient(cluster.Address, cluster.TenantKey);
        KeySetState state = await last.UploadKeySetAsync("big", parameters, file, new Told(_ => most = Math.Max(most, cluster.GatewayBytes)));
        most = Math.Max(most, cluster.GatewayBytes);
        sent += last.BytesSent;
        Assert.True(state.IsReady);
        Assert.InRange(sent, file.Length, file.Length + (Cuts * LargestChunk) + (1 << 16));
        LongForm.Report($"{file.Length / 1e6:F1} MB in {Cuts + 1} connections, {(sent - file.Length) / 1e6:F1} MB of it twice; the gateway's memory grew from {before / 1048576.0:F0} by {(most - before) / 1048576.0:F0} MiB");
        Assert.True(most - before < MostGrowth, $"The gateway grew from {before} to {most} bytes.");
    }

    /// <summary>A gateway that has answered some requests has its code compiled and its pools filled.</summary>
    private static async Task WarmUpAsync(ClusterProcesses cluster)
    {
        ParameterSet small = ParameterCatalog.All.MinBy(p => EvaluationKey.FileSize(p))!;
        for (int i = 0; i < 2; i++)
        {
            using var file = new MemoryStream();
            ClientKey.Generate(small).CreateEvaluationKey().Write(file);
            _ = await cluster.Client.UploadKeySetAsync($"small-{i}", small, file);
        }
    }

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
