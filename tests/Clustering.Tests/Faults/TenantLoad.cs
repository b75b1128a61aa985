using System.Collections.Concurrent;
using BlindGrain.Client;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Tests;

namespace BlindGrain.Clustering.Tests.Faults;

/// <summary>One tenant of a cluster: its jobs, each on an input of its own, are held against the clear circuit, and none may be lost or doubled.</summary>
internal sealed class TenantLoad(string tenant) : IDisposable
{
    private readonly string _apiKey = ApiKey.Generate();
    private readonly ConcurrentBag<string> _jobs = [];
    private BlindGrainClient _client = null!;
    private Uri? _address;
    private int _next;

    /// <summary>From submission to result, of each job that has ended.</summary>
    public ConcurrentBag<TimeSpan> Latencies { get; } = [];

    public BlindGrainClient Client => _client;

    /// <summary>Settings that make a gateway know some tenants, beside the one that it knows anyway.</summary>
    public static string[] Settings(IReadOnlyList<TenantLoad> tenants) =>
        [.. tenants.SelectMany((t, i) => new[] { $"--Gateway:ApiKeys:{i + 1}:Tenant={t.Name}", $"--Gateway:ApiKeys:{i + 1}:Sha256={ApiKey.Hash(t._apiKey)}" })];

    public string Name => tenant;

    /// <summary>Uploads the test network and its keys.</summary>
    public async Task DeployAsync(Uri gateway)
    {
        (_address, _client) = (gateway, new BlindGrainClient(gateway, _apiKey));
        TestModel test = TestModel.OfCatalogue;
        _ = await _client.PushModelAsync("m", "1", test.ModelBytes);
        _ = await _client.UploadKeySetAsync("k", test.Model.Parameters, new MemoryStream(test.KeyBytes));
    }

    /// <summary>Runs one job from submission to its checked result, through whatever happens to the cluster meanwhile.</summary>
    public async Task RunOneAsync(JobOptions? options = null)
    {
        int number = Interlocked.Increment(ref _next);
        int[] input = [(number % 7) - 3, (number / 7 % 7) - 3, (number / 49 % 7) - 3, 1];
        TestModel test = TestModel.OfCatalogue;
        long begun = TimeProvider.System.GetTimestamp();
        string job = (await PersistAsync(key => _client.SubmitAsync("m", "1", "k", test.Cryptor.Encrypt(input), (options ?? JobOptions.Default) with { IdempotencyKey = key }))).Id;
        _jobs.Add(job);
        JobState state = await PersistAsync(_ => _client.WaitAsync(job));
        LweBatch result = await PersistAsync(_ => _client.GetResultAsync(job, test.Model.DimensionOf(test.Model.Circuit.Output.Value)));
        Latencies.Add(TimeProvider.System.GetElapsedTime(begun));
        Assert.Equal(test.Clear(input), test.Cryptor.Decrypt(result));
        Assert.Equal(state.Progress.BootstrapsTotal, state.Progress.BootstrapsDone);
    }

    /// <summary>Runs job after job until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await RunOneAsync();
        }
    }

    /// <summary>Every job that was submitted is there once, and there is no other.</summary>
    public async Task AssertNothingLostOrDoubledAsync()
    {
        using var http = new HttpClient { BaseAddress = _address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _apiKey);
        string[] listed = [.. System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("/v2/jobs")).RootElement.GetProperty("jobs").EnumerateArray().Select(j => j.GetString()!)];
        Assert.Equal(_jobs.Order(), listed.Order());
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Calls until the cluster answers: a fault may take longer than the SDK's own patience.</summary>
    private static async Task<T> PersistAsync<T>(Func<string, Task<T>> call)
    {
        string key = Guid.NewGuid().ToString("N");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            try
            {
                return await call(key);
            }
            catch (BlindGrainException e) when (e.Status is null or System.Net.HttpStatusCode.ServiceUnavailable && !patience.IsCancellationRequested)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }
}
