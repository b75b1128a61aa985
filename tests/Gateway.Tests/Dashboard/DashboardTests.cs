using System.Net;
using System.Net.Sockets;
using System.Text;
using BlindGrain.Gateway.Dashboard;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Tests.Dashboard;

public class DashboardTests
{
    private static readonly string[] s_telling = ["/GrainState?grainId=access&grainType=access", "/grainstate", "/Reminders", "/Reminders/1", "/Trace", "/LifecycleStages"];

    [Fact]
    public async Task Administrators_see_it_in_a_browser_and_nobody_else_does()
    {
        int port = FreePort();
        await using var server = new TestServer { Settings = Settings(port) };
        await server.InitializeAsync();
        var address = new Uri($"http://127.0.0.1:{port}");
        using var nobody = new Rest(address, null);
        Answer asked = (await nobody.Get("/")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.StartsWith("Basic realm=", asked.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        foreach (string wrong in new[] { "Basic", "Basic %", $"Basic {Encode("no colon")}", Basic("admin", ""), Basic("admin", ApiKey.Generate()), $"Digest {server.AdminKey}", Basic(server.AdminKey, "x") })
        {
            _ = (await nobody.Get("/DashboardCounters", ("Authorization", wrong))).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }

        foreach (string path in new[] { "/", "/index.min.js", "/DashboardCounters", "/GrainState", "/nothing" })
        {
            _ = (await nobody.Get(path, ("Authorization", Basic("alice", server.AliceKey)))).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        string admin = Basic("whoever", server.AdminKey);
        Answer page = (await nobody.Get("/", ("Authorization", admin))).Expect(HttpStatusCode.OK);
        Assert.Contains("Orleans Dashboard", page.Text, StringComparison.Ordinal);
        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        (await nobody.Get("/index.min.js", ("Authorization", admin))).Expect(HttpStatusCode.OK);
        using var bearer = new Rest(address, server.AdminKey);
        await Shows(bearer);

        // What would tell of tenants is left out.
        foreach (string path in s_telling)
        {
            _ = (await bearer.Get(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }

        // On the gateway's own listener there is nothing of it.
        _ = (await server.Admin.Get("/DashboardCounters")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_gateway_in_a_process_of_its_own_shows_the_silos()
    {
        int port = FreePort();
        await using var server = new TestServer { Settings = new Dictionary<string, string?> { ["Dashboard:Enabled"] = "true" } };
        await server.InitializeAsync();
        string key = ApiKey.Generate();
        await using TestGateway gateway = await TestGateway.StartAsync(server, new Dictionary<string, string?>
        {
            ["Dashboard:Port"] = $"{port}",
            ["Gateway:ApiKeys:1:Tenant"] = "operators",
            ["Gateway:ApiKeys:1:Sha256"] = ApiKey.Hash(key),
            ["Gateway:ApiKeys:1:Role"] = "admin",
        });
        using var admin = new Rest(new Uri($"http://127.0.0.1:{port}"), key);
        await Shows(admin);
        string silo = (await admin.Get("/DashboardCounters")).Json.GetProperty("hosts")[0].GetProperty("siloAddress").GetString()!;
        (await admin.Get($"/HistoricalStats/{silo}")).Expect(HttpStatusCode.OK);
        (await admin.Get($"/SiloProperties/{silo}")).Expect(HttpStatusCode.OK);
        (await admin.Get($"/SiloCounters/{silo}")).Expect(HttpStatusCode.OK);
        (await admin.Get($"/SiloStats/{silo}")).Expect(HttpStatusCode.OK);
        (await admin.Get($"/SiloMetadata/{silo}")).Expect(HttpStatusCode.OK);
        (await admin.Get("/ClusterStats")).Expect(HttpStatusCode.OK);
        (await admin.Get("/GrainTypes")).Expect(HttpStatusCode.OK);
        (await admin.Get("/GrainStats/BlindGrain.Grains.Registry.TenantGrain")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public void Settings_that_cannot_work_are_named()
    {
        var validator = new DashboardListenerOptionsValidator();
        Assert.True(validator.Validate(null, new DashboardListenerOptions()).Succeeded);
        ValidateOptionsResult result = validator.Validate(null, new DashboardListenerOptions { Address = "localhost", Port = 65536 });
        Assert.Equal(["Dashboard:Address", "Dashboard:Port"], result.Failures!.Select(f => f.Split(' ')[0]));
    }

    [Fact]
    public async Task It_is_off_unless_a_port_is_named()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        Assert.Null(server.Services.GetRequiredService<DashboardServer>().Address);
    }

    private static async Task Shows(Rest admin)
    {
        Answer counters = (await admin.Get("/DashboardCounters")).Expect(HttpStatusCode.OK);
        while (counters.Json.GetProperty("hosts").GetArrayLength() == 0)
        {
            // The silos are counted once a second.
            await Task.Delay(50, TestContext.Current.CancellationToken);
            counters = (await admin.Get("/DashboardCounters")).Expect(HttpStatusCode.OK);
        }

        Assert.Equal(1, counters.Json.GetProperty("hosts").GetArrayLength());
        Assert.DoesNotContain("alice", counters.Text, StringComparison.Ordinal);
        (await admin.Get("/TopGrainMethods")).Expect(HttpStatusCode.OK);
    }

    private static Dictionary<string, string?> Settings(int port) => new() { ["Dashboard:Enabled"] = "true", ["Dashboard:Port"] = $"{port}" };

    private static string Basic(string user, string password) => $"Basic {Encode($"{user}:{password}")}";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
