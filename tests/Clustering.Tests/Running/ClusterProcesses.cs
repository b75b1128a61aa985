using BlindGrain.Cli.Tests.Running;
using BlindGrain.Client;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Tests;

namespace BlindGrain.Clustering.Tests.Running;

/// <summary>Silos and a gateway as processes of their own on loopback, with one storage folder; each silo computes on one thread.</summary>
internal sealed class ClusterProcesses(params string[] settings) : IAsyncDisposable
{
    private static readonly int[] s_input = [1, -2, 3, 0];
    private readonly TemporaryFolder _folder = new();
    private readonly string _apiKey = ApiKey.Generate();
    private readonly Dictionary<int, Server> _silos = [];
    private readonly List<(int Silo, int Gateway)> _ports = [];
    private readonly Dictionary<string, Server> _finished = [];
    private Server? _gateway;

    public BlindGrainClient Client { get; private set; } = null!;

    /// <summary>The API key of the tenant "t".</summary>
    public string TenantKey => _apiKey;

    /// <summary>Where the gateway is; it comes back there after it was killed.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{Programs.FreePort()}");

    /// <summary>The bytes of memory that the gateway occupies.</summary>
    public long GatewayBytes => _gateway!.ResidentBytes;

    /// <summary>The silos that run.</summary>
    public int[] Silos => [.. _silos.Keys];

    /// <summary>What the silos and the gateway said so far.</summary>
    public string Log => string.Join('\n', _silos.Values.Append(_gateway).Concat(_finished.Values).OfType<Server>().Select(s => s.Error));

    /// <summary>Starts one more silo, or one again that was killed, on its old ports.</summary>
    public async Task<int> StartSiloAsync(int? again = null, params string[] more)
    {
        if (again is null)
        {
            _ports.Add((Programs.FreePort(), Programs.FreePort()));
        }

        int index = again ?? _ports.Count - 1;
        var server = new Server(Programs.Start("Silo", "BlindGrain.Silo", [
            $"--Silo:SiloPort={_ports[index].Silo}", $"--Silo:GatewayPort={_ports[index].Gateway}", $"--Silo:PrimarySilo=127.0.0.1:{_ports[0].Silo}",
            $"--Storage:Folder={_folder.File("data")}", "--Worker:Threads=1", "--Worker:ResumeInterval=00:00:05", .. settings, .. more]));
        _silos.Add(index, server);
        _ = await server.ReadOutputUntil("takes clients at");
        return index;
    }

    public async Task StartGatewayAsync(params string[] more)
    {
        _gateway = StartGatewayAt(Address, more);
        _ = await _gateway.ReadOutputUntil("Application started");
        Client = new BlindGrainClient(Address, _apiKey);
    }

    /// <summary>Starts a gateway at an address of its own and leaves it to the caller.</summary>
    public Server StartGatewayProcess(params string[] more) => StartGatewayAt(new Uri($"http://127.0.0.1:{Programs.FreePort()}"), more);

    private Server StartGatewayAt(Uri address, string[] more)
    {
        string gateways = string.Join(',', _ports.Select(p => $"127.0.0.1:{p.Gateway}"));
        return new Server(Programs.Start("Gateway", "BlindGrain.Gateway", [
            "--urls", address.ToString(), $"--Gateway:Cluster={gateways}", $"--Storage:Folder={_folder.File("data")}",
            "--Gateway:ApiKeys:0:Tenant=t", $"--Gateway:ApiKeys:0:Sha256={ApiKey.Hash(_apiKey)}", .. settings, .. more]));
    }

    /// <summary>A client that never repeats a request.</summary>
    public HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _apiKey);
        return http;
    }

    public async Task KillSiloAsync(int index)
    {
        Assert.True(_silos.Remove(index, out Server? silo));
        await silo.DisposeAsync();
        _finished[$"{_finished.Count}"] = silo;
    }

    /// <summary>Stops a silo in good order.</summary>
    public async Task StopSiloAsync(int index)
    {
        _ = await _silos[index].StopAsync();
        await KillSiloAsync(index);
    }

    /// <summary>Sends a silo a signal, such as STOP or CONT.</summary>
    public Task SignalSiloAsync(int index, string signal) => _silos[index].SignalAsync(signal);

    /// <summary>Has a silo run on one core only.</summary>
    public Task PinSiloAsync(int index, int core) => _silos[index].PinAsync(core);

    public async Task KillGatewayAsync()
    {
        Client.Dispose();
        await _gateway!.DisposeAsync();
        _finished[$"{_finished.Count}"] = _gateway;
        _gateway = null;
    }

    /// <summary>Uploads the test network and its keys.</summary>
    public async Task DeployAsync()
    {
        TestModel test = TestModel.OfCatalogue;
        _ = await Client.PushModelAsync("m", "1", test.ModelBytes);
        _ = await Client.UploadKeySetAsync("k", test.Model.Parameters, new MemoryStream(test.KeyBytes));
    }

    public async Task<string[]> SubmitAsync(int jobs)
    {
        var ids = new List<string>();
        for (int i = 0; i < jobs; i++)
        {
            ids.Add((await Client.SubmitAsync("m", "1", "k", TestModel.OfCatalogue.Cryptor.Encrypt(s_input))).Id);
        }

        return [.. ids];
    }

    /// <summary>Waits until a job is as wanted; calls that fail on the way are made again.</summary>
    public async Task<JobState> WaitAsync(string job, Func<JobState, bool> until)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        object? last = null;
        while (true)
        {
            try
            {
                JobState state = await Client.GetJobAsync(job, patience.Token);
                last = state;
                if (until(state))
                {
                    return state;
                }
            }
            catch (BlindGrainException e)
            {
                last = e.Message;
            }

            Assert.False(patience.IsCancellationRequested, $"The job did not come to what the test waits for: {last}\n{Log}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Waits for all jobs and holds each result against the clear circuit's.</summary>
    public async Task AssertRightAsync(params string[] jobs)
    {
        TestModel test = TestModel.OfCatalogue;
        foreach (string job in jobs)
        {
            JobState state = await WaitAsync(job, s => s.HasEnded);
            Assert.True(state.Phase == "succeeded", $"{state}\n{Log}");
            LweBatch result = await Client.GetResultAsync(job, test.Model.DimensionOf(test.Model.Circuit.Output.Value));
            Assert.Equal(test.Clear(s_input), test.Cryptor.Decrypt(result));
        }
    }

    /// <summary>Waits, without asking the cluster, until a silo's log says that a job has ended.</summary>
    public async Task WaitForLogAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(patience.IsCancellationRequested, $"No log says '{text}'.\n{Log}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await KillGatewayAsync();
        }

        foreach (int silo in _silos.Keys.ToArray())
        {
            await KillSiloAsync(silo);
        }

        _folder.Dispose();
    }
}
