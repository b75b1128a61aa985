using System.Net;
using System.Net.Sockets;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Gateway.Tests.Fixtures;

/// <summary>Gateway and silo as they are hosted in production, on free loopback ports and one temporary folder. Tenants "alice" and "bob".</summary>
public sealed class TestServer : IAsyncLifetime
{
    /// <summary>Small bounds, so that tests of bounds send little.</summary>
    public const int MaxChunkBytes = 4 << 20;
    public const int MaxModelBytes = 64 << 10;

    private WebApplication? _app;

    public string Folder { get; } = Directory.CreateTempSubdirectory("blindgrain-gateway-").FullName;

    public string AliceKey { get; } = ApiKey.Generate();

    public string BobKey { get; } = ApiKey.Generate();

    public string AdminKey { get; } = ApiKey.Generate();

    /// <summary>Where all that is logged goes too.</summary>
    public RecordedLog? Log { get; init; }

    /// <summary>Where other gateways reach the silo.</summary>
    public int ClusterPort { get; private set; }

    /// <summary>Settings beside those that every test has.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public Uri Address { get; private set; } = null!;

    public Rest Alice { get; private set; } = null!;

    public Rest Bob { get; private set; } = null!;

    public Rest Nobody { get; private set; } = null!;

    /// <summary>Of the tenant "operators".</summary>
    public Rest Admin { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        int[] ports = FreePorts(2);
        ClusterPort = ports[1];
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        _ = builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Folder"] = Folder,
            ["Silo:SiloPort"] = $"{ports[0]}",
            ["Silo:GatewayPort"] = $"{ports[1]}",
            ["Worker:Threads"] = "1",
            ["Gateway:MaxModelBytes"] = $"{MaxModelBytes}",
            ["Gateway:MaxChunkBytes"] = $"{MaxChunkBytes}",
            ["Gateway:ApiKeys:0:Tenant"] = "alice",
            ["Gateway:ApiKeys:0:Sha256"] = ApiKey.Hash(AliceKey),
            ["Gateway:ApiKeys:2:Tenant"] = "operators",
            ["Gateway:ApiKeys:2:Sha256"] = ApiKey.Hash(AdminKey),
            ["Gateway:ApiKeys:2:Role"] = "admin",
            ["Gateway:ApiKeys:3:Tenant"] = "spare",
            ["Gateway:ApiKeys:3:Sha256"] = ApiKey.Hash(ApiKey.Generate()),
            ["Gateway:ApiKeys:1:Tenant"] = "bob",
            ["Gateway:ApiKeys:1:Sha256"] = ApiKey.Hash(BobKey),
        });
        _ = builder.Configuration.AddInMemoryCollection(Settings);
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (Log is not null)
        {
            _ = builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(Log);
        }
        else
        {
            // Tests that are denied something would fill the screen.
            _ = builder.Logging.AddFilter("BlindGrain.Audit", LogLevel.Error);
        }

        _ = builder.AddBlindGrainSilo(builder.Configuration);
        _ = builder.AddBlindGrainGateway();
        _app = builder.Build();
        _ = _app.MapBlindGrainGateway();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Alice = new Rest(Address, AliceKey);
        Bob = new Rest(Address, BobKey);
        Nobody = new Rest(Address, null);
        Admin = new Rest(Address, AdminKey);
    }

    /// <summary>What lies under one tenant's folder, as paths within it.</summary>
    public string[] Blobs(string tenant, string below = "")
    {
        string folder = Path.Combine(Folder, "blobs", "tenants", tenant, below);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order()] : [];
    }

    public async ValueTask DisposeAsync()
    {
        Alice.Dispose();
        Bob.Dispose();
        Nobody.Dispose();
        Admin.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, l => l.Dispose());
        return ports;
    }
}
