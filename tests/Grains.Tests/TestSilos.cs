using System.Net;
using System.Net.Sockets;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Silo;
using BlindGrain.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace BlindGrain.Grains.Tests;

/// <summary>Silos as they are hosted in production, on free loopback ports and one temporary folder.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-test-").FullName;
    private readonly Dictionary<string, string?> _settings = [];
    private readonly List<IHost> _hosts = [];
    private string? _primary;

    public IHost First => _hosts[0];

    /// <summary>The calendar of all silos.</summary>
    public ShiftedTime Time { get; } = new();

    public IGrainFactory Grains => First.Services.GetRequiredService<IGrainFactory>();

    public FaultyStore Store => (FaultyStore)Blobs;

    public IBlobStore Blobs => First.Services.GetRequiredService<IBlobStore>();

    public static async Task<TestSilos> StartAsync(int silos, params (string Key, string Value)[] settings)
    {
        var cluster = new TestSilos();
        foreach ((string key, string value) in settings)
        {
            cluster._settings[key] = value;
        }

        for (int i = 0; i < silos; i++)
        {
            _ = await cluster.AddAsync();
        }

        return cluster;
    }

    public async Task<IHost> AddAsync()
    {
        int[] ports = FreePorts(2);
        var settings = new Dictionary<string, string?>(_settings)
        {
            ["Storage:Folder"] = _folder,
            ["Silo:SiloPort"] = $"{ports[0]}",
            ["Silo:GatewayPort"] = $"{ports[1]}",
            ["Silo:PrimarySilo"] = _primary,
        };
        settings.TryAdd("Worker:Threads", "1");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Configuration.AddInMemoryCollection(settings);
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _ = builder.AddBlindGrainSilo(builder.Configuration);

        // The container owns the real store, so that it is closed with the host.
        ServiceDescriptor store = builder.Services.Single(s => s.ServiceType == typeof(IBlobStore));
        _ = builder.Services.AddKeyedSingleton("real", (provider, _) => (IBlobStore)store.ImplementationFactory!(provider));
        _ = builder.Services.Replace(ServiceDescriptor.Singleton<IBlobStore>(provider => new FaultyStore(provider.GetRequiredKeyedService<IBlobStore>("real"))));

        _ = builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));

        // A killed silo is to be missed within seconds.
        _ = builder.Services.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(2);
            o.NumMissedProbesLimit = 2;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(3);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        _primary ??= $"127.0.0.1:{ports[0]}";
        _hosts.Add(host);
        return host;
    }

    public static SiloAddress AddressOf(IHost host) => host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Stops a silo as if its process died: nothing is handed over.</summary>
    public async Task KillAsync(IHost host)
    {
        _ = _hosts.Remove(host);
        await host.StopAsync(new CancellationToken(canceled: true));
        host.Dispose();
    }

    /// <summary>Stops all silos in good order; the folder stays.</summary>
    public async Task StopAllAsync()
    {
        foreach (IHost host in Enumerable.Reverse(_hosts).ToArray())
        {
            await host.StopAsync();
            host.Dispose();
        }

        _hosts.Clear();
        _primary = null;
    }

    /// <summary>Stores and registers the test model and its keys for a tenant.</summary>
    public async Task DeployAsync(string tenant)
    {
        TestModel test = TestModel.Shared;
        _ = await Blobs.WriteAsync(BlobNames.Model(tenant, "m", "1"), new MemoryStream(test.ModelBytes));
        Assert.True(await Grains.GetGrain<IModelGrain>(GrainKeys.Model(tenant, "m", "1")).Register(ModelInfo()));
        _ = await Blobs.WriteAsync(BlobNames.KeySet(tenant, "k"), new MemoryStream(test.KeyBytes));
        IKeySetGrain keySet = Grains.GetGrain<IKeySetGrain>(GrainKeys.KeySet(tenant, "k"));
        Assert.True(await keySet.Create(KeyInfo()));
        Assert.True(await keySet.Commit(KeyInfo().Sha256));
    }

    public static ModelInfo ModelInfo() => new()
    {
        Model = "m",
        Version = "1",
        Sha256 = TestModel.Sha256(TestModel.Shared.ModelBytes),
        Bytes = TestModel.Shared.ModelBytes.Length,
        ParameterSetId = TestModel.Shared.Model.Parameters.Id,
        InputShape = [4],
        OutputShape = [3],
        Bootstraps = TestModel.Shared.Model.Circuit.Bootstraps,
        Mode = "exact",
        Created = DateTimeOffset.UnixEpoch,
    };

    public static KeySetInfo KeyInfo() => new()
    {
        KeySet = "k",
        ParameterSetId = TestModel.Shared.Model.Parameters.Id,
        Bytes = TestModel.Shared.KeyBytes.Length,
        Sha256 = TestModel.Sha256(TestModel.Shared.KeyBytes),
        Created = DateTimeOffset.UnixEpoch,
    };

    public IInferenceJobGrain Job(string tenant, string job) => Grains.GetGrain<IInferenceJobGrain>(GrainKeys.Job(tenant, job));

    public async Task<IInferenceJobGrain> SubmitAsync(string tenant, string job, byte[] input, JobSubmission? submission = null)
    {
        _ = await Blobs.WriteAsync(BlobNames.JobInput(tenant, job), new MemoryStream(input));
        IInferenceJobGrain grain = Job(tenant, job);
        _ = await grain.Submit(submission ?? new JobSubmission { Model = "m", Version = "1", KeySet = "k" });
        return grain;
    }

    /// <summary>Asks for a job's status until it is as wanted; calls that a lost silo swallows are made again.</summary>
    public async Task<JobStatus> WaitAsync(string tenant, string job, Func<JobStatus, bool> until)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        JobStatus? last = null;
        while (true)
        {
            try
            {
                last = await Job(tenant, job).GetStatus().WaitAsync(TimeSpan.FromSeconds(5), patience.Token);
                if (last is not null && until(last))
                {
                    return last;
                }
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && !patience.IsCancellationRequested)
            {
                // The grain's silo is gone; it will be activated elsewhere.
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The job did not come to what the test waits for: {last}");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    public Task<JobStatus> WaitForEndAsync(string tenant, string job) =>
        WaitAsync(tenant, job, s => s.Phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled);

    public async Task<byte[]?> ReadAsync(string name)
    {
        await using BlobContent? blob = await Blobs.OpenAsync(name);
        if (blob is null)
        {
            return null;
        }

        var bytes = new byte[blob.Length];
        await blob.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    public async Task<List<string>> ListAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (BlobEntry entry in Blobs.ListAsync(prefix))
        {
            names.Add(entry.Name);
        }

        return names;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, l => l.Dispose());
        return ports;
    }
}
