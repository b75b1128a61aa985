using System.Collections.Concurrent;
using BlindGrain.Client;
using BlindGrain.Clustering.Tests.Faults;
using BlindGrain.Clustering.Tests.Running;
using BlindGrain.Engine.Tfhe.Ciphertexts;

namespace BlindGrain.Clustering.Tests.Load;

/// <summary>Two hundred clients at once, each with a connection of its own, submit small jobs and ask for their state while they wait: none is lost, each result is right.</summary>
[Trait("Category", "Cluster")]
public sealed class ParallelClientsTests
{
    private const int Clients = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Two_hundred_clients_lose_no_job()
    {
        OneLayer test = OneLayer.Shared;
        await using var cluster = new ClusterProcesses();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        _ = await cluster.Client.PushModelAsync("one", "1", test.ModelBytes);
        _ = await cluster.Client.UploadKeySetAsync("one", test.Model.Parameters, new MemoryStream(test.KeyBytes));
        var statusCalls = new ConcurrentBag<double>();
        var jobs = new ConcurrentBag<string>();
        long begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => ClientAsync(client))));
        double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

        Assert.Equal(Clients * LongForm.Choose(1, 10), jobs.Distinct().Count());
        using HttpClient http = cluster.Http();
        Assert.Equal(jobs.Order(), await ListAsync(http));
        double[] sorted = [.. statusCalls.Order()];
        LongForm.Report($"{jobs.Count} jobs of {Clients} clients in {seconds:F1} s, {jobs.Count / seconds:F0} a second; {sorted.Length} status calls: median {sorted[sorted.Length / 2]:F1} ms, p99 {sorted[sorted.Length * 99 / 100]:F1} ms, longest {sorted[^1]:F1} ms");

        async Task ClientAsync(int number)
        {
            using var client = new BlindGrainClient(cluster.Address, cluster.TenantKey);
            for (int i = 0; i < LongForm.Choose(1, 10); i++)
            {
                int[] input = [(number % 3) - 1, (number / 3 % 3) - 1];
                string job = (await client.SubmitAsync("one", "1", "one", test.Cryptor.Encrypt(input))).Id;
                jobs.Add(job);
                JobState state;
                do
                {
                    await Task.Delay(s_pause, CancellationToken.None);
                    long asked = TimeProvider.System.GetTimestamp();
                    state = await client.GetJobAsync(job);
                    statusCalls.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
                }
                while (!state.HasEnded);
                Assert.True(state.HasSucceeded, $"{state}\n{cluster.Log}");
                LweBatch result = await client.GetResultAsync(job, test.Model.DimensionOf(test.Model.Circuit.Output.Value));
                Assert.Equal(OneLayer.Clear(input), Assert.Single(test.Cryptor.Decrypt(result)));
            }
        }
    }

    private static async Task<string[]> ListAsync(HttpClient http)
    {
        var all = new List<string>();
        string? after = "";
        while (after is not null)
        {
            System.Text.Json.JsonElement page = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v2/jobs{(after.Length > 0 ? $"?after={Uri.EscapeDataString(after)}" : "")}", UriKind.Relative))).RootElement;
            all.AddRange(page.GetProperty("jobs").EnumerateArray().Select(j => j.GetString()!));
            after = page.TryGetProperty("next", out System.Text.Json.JsonElement next) ? next.GetString() : null;
        }

        return [.. all.Order()];
    }
}
