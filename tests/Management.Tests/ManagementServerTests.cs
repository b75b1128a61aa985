using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Management.Tests;

public sealed class ManagementServerTests : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort();
    private HealthCheckResult _live = HealthCheckResult.Healthy();
    private HealthCheckResult _ready = HealthCheckResult.Healthy();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_failing_check_answers_only_its_own_question()
    {
        using IHost host = Build();
        await host.StartAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(ManagementOptions.LivePath), await StatusAsync(ManagementOptions.ReadyPath)));

        _ready = HealthCheckResult.Unhealthy("no silo");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (await StatusAsync(ManagementOptions.LivePath), await StatusAsync(ManagementOptions.ReadyPath)));
        Assert.Contains("r: Unhealthy no silo", await (await _http.GetAsync(Address(ManagementOptions.ReadyPath))).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        (_live, _ready) = (HealthCheckResult.Unhealthy(), HealthCheckResult.Healthy());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (await StatusAsync(ManagementOptions.LivePath), await StatusAsync(ManagementOptions.ReadyPath)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/elsewhere"));
    }

    [Fact]
    public async Task It_is_alive_and_not_ready_while_the_host_starts_and_stops()
    {
        var slow = new SlowService();
        using IHost host = Build(services => services.AddSingleton<IHostedService>(slow));
        Task start = host.StartAsync();
        await slow.Starting.Task;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (await StatusAsync(ManagementOptions.LivePath), await StatusAsync(ManagementOptions.ReadyPath)));
        slow.MayStart.SetResult();
        await start;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ManagementOptions.ReadyPath));

        Task stop = host.StopAsync();
        await slow.Stopping.Task;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (await StatusAsync(ManagementOptions.LivePath), await StatusAsync(ManagementOptions.ReadyPath)));
        slow.MayStop.SetResult();
        await stop;
        _ = await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(ManagementOptions.LivePath));
    }

    [Fact]
    public async Task Metrics_are_those_of_the_named_meters_in_the_form_of_Prometheus()
    {
        using var meter = new Meter("named");
        using var other = new Meter("other");
        using IHost host = Build();
        await host.StartAsync();
        meter.CreateUpDownCounter<long>("blindgrain.bootstraps.pending", "{bootstrap}").Add(17);
        other.CreateCounter<long>("not.wanted").Add(1);
        string text = await _http.GetStringAsync(Address(ManagementOptions.MetricsPath));
        Assert.Matches(@"(?m)^blindgrain_bootstraps_pending\{[^}]*\} 17(\s|$)", text);
        Assert.Contains("dotnet_gc", text, StringComparison.Ordinal);
        Assert.Contains("service_name=\"tested\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not_wanted", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_tells_whether_the_process_of_the_same_settings_is_ready()
    {
        Assert.Equal(1, await HealthProbe.RunAsync(Configuration("0.0.0.0")));
        using IHost host = Build();
        await host.StartAsync();
        Assert.Equal(0, await HealthProbe.RunAsync(Configuration("0.0.0.0")));
        _ready = HealthCheckResult.Unhealthy();
        Assert.Equal(1, await HealthProbe.RunAsync(Configuration("127.0.0.1")));
    }

    [Theory]
    [InlineData("Management:Port", "65536")]
    [InlineData("Management:Port", "-1")]
    [InlineData("Management:Port", "many")]
    [InlineData("Management:Address", "localhost")]
    public void Settings_that_cannot_work_are_named(string setting, string value)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(setting, value)]).Build();
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddBlindGrainManagement(configuration, "tested", [], []));
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_port_nothing_is_listened_on_and_a_probe_says_so()
    {
        var services = new ServiceCollection();
        IConfiguration configuration = new ConfigurationBuilder().Build();
        _ = services.AddBlindGrainManagement(configuration, "tested", [], []);
        Assert.DoesNotContain(services, s => s.ImplementationType == typeof(ManagementServer));
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => HealthProbe.RunAsync(configuration));
        Assert.Contains("Management:Port", e.Message, StringComparison.Ordinal);
    }

    private IHost Build(Action<IServiceCollection>? more = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Services.AddBlindGrainManagement(Configuration("127.0.0.1"), "tested", ["named"], [])
            .AddCheck("l", () => _live, [HealthTags.Live])
            .AddCheck("r", () => _ready, [HealthTags.Ready]);
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    private IConfiguration Configuration(string address) => new ConfigurationBuilder().AddInMemoryCollection(
        [KeyValuePair.Create<string, string?>("Management:Port", $"{_port}"), KeyValuePair.Create<string, string?>("Management:Address", address)]).Build();

    private Uri Address(string path) => new($"http://127.0.0.1:{_port}{path}");

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(Address(path));
        return response.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class SlowService : IHostedService
    {
        public TaskCompletionSource Starting { get; } = new();

        public TaskCompletionSource MayStart { get; } = new();

        public TaskCompletionSource Stopping { get; } = new();

        public TaskCompletionSource MayStop { get; } = new();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Starting.SetResult();
            return MayStart.Task;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopping.SetResult();
            return MayStop.Task;
        }
    }
}
