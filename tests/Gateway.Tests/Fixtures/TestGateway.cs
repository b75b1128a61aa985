using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Gateway.Tests.Fixtures;

/// <summary>One more gateway of a <see cref="TestServer"/>'s cluster: a client of its silo, as in a process of its own.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestGateway(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public IReadOnlyList<string> Urls => [.. _app.Urls];

    public static async Task<TestGateway> StartAsync(TestServer server, IReadOnlyDictionary<string, string?>? settings = null, string urls = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _ = builder.WebHost.UseUrls(urls);
        _ = builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Folder"] = server.Folder,
            ["Gateway:Cluster"] = $"127.0.0.1:{server.ClusterPort}",
            ["Gateway:MaxChunkBytes"] = $"{TestServer.MaxChunkBytes}",
            ["Gateway:ApiKeys:0:Tenant"] = "alice",
            ["Gateway:ApiKeys:0:Sha256"] = ApiKey.Hash(server.AliceKey),
        });
        _ = builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _ = builder.AddBlindGrainGateway().AddBlindGrainClusterClient();
        WebApplication app = builder.Build();
        _ = app.MapBlindGrainGateway();
        await app.StartAsync();
        return new TestGateway(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
