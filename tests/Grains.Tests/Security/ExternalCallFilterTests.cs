using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Security;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace BlindGrain.Grains.Tests.Security;

/// <summary>A client in another process, as a gateway is, calls what is meant for it and nothing else.</summary>
public sealed class ExternalCallFilterTests
{
    [Fact]
    public async Task A_client_reaches_grains_but_neither_workers_nor_reminders_nor_management()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        await silos.DeployAsync("t");
        using IHost host = await ConnectAsync(silos);
        IGrainFactory client = host.Services.GetRequiredService<IGrainFactory>();
        ILocalSiloDetails silo = silos.First.Services.GetRequiredService<ILocalSiloDetails>();

        Assert.NotNull(await client.GetGrain<IModelGrain>(GrainKeys.Model("t", "m", "1")).Get());
        Assert.NotNull(await client.GetGrain<IKeySetGrain>(GrainKeys.KeySet("t", "k")).Get());
        Assert.Null(await client.GetGrain<IInferenceJobGrain>(GrainKeys.Job("t", "none")).GetStatus());

        GrainId job = client.GetGrain<IInferenceJobGrain>(GrainKeys.Job("t", "j")).GetGrainId();
        await AssertDeniedAsync(() => client.GetGrain<IRemindable>(job).ReceiveReminder("resume", new TickStatus(default, default, default)));
        await AssertDeniedAsync(() => client.GetGrain<IManagementGrain>(0).GetHosts());
        GrainId worker = silos.First.Services.GetRequiredService<IWorkers>().On(silo.SiloAddress).GetGrainId();
        await AssertDeniedAsync(() => client.GetGrain<IWorkerService>(worker).Evict("t", "k"));
        await host.StopAsync();
    }

    [Fact]
    public void The_client_inside_a_silo_is_part_of_it()
    {
        Assert.True(ExternalCallFilter.IsExternal(GrainId.Create("sys.client", "0123")));
        Assert.False(ExternalCallFilter.IsExternal(GrainId.Create("sys.client", "hosted-127.0.0.1:1@2")));
        Assert.False(ExternalCallFilter.IsExternal(GrainId.Create("job", "t/j")));
    }

    [Fact]
    public void Of_the_dashboard_clients_reach_what_counts_and_not_what_tenants_have()
    {
        Type dashboard = Type.GetType("Orleans.Dashboard.Core.IDashboardGrain, Orleans.Dashboard", throwOnError: true)!;
        Type silo = Type.GetType("Orleans.Dashboard.Core.ISiloGrainProxy, Orleans.Dashboard", throwOnError: true)!;
        Type reminders = Type.GetType("Orleans.Dashboard.Core.IDashboardRemindersGrain, Orleans.Dashboard", throwOnError: true)!;
        foreach (string method in new[] { "GetCounters", "GetClusterTracing", "TopGrainMethods" })
        {
            Assert.NotNull(dashboard.GetMethod(method));
            Assert.True(ExternalCallFilter.IsOpen(dashboard, method));
        }

        Assert.NotNull(dashboard.GetMethod("GetGrainState"));
        Assert.False(ExternalCallFilter.IsOpen(dashboard, "GetGrainState"));
        Assert.False(ExternalCallFilter.IsOpen(dashboard, "SubmitTracing"));
        Assert.True(ExternalCallFilter.IsOpen(silo, "GetMetadata"));
        Assert.All(reminders.GetMethods(), m => Assert.False(ExternalCallFilter.IsOpen(reminders, m.Name)));
    }

    private static async Task AssertDeniedAsync(Func<Task> call)
    {
        UnauthorizedAccessException e = await Assert.ThrowsAsync<UnauthorizedAccessException>(call);
        Assert.Contains("is not for clients of the cluster", e.Message, StringComparison.Ordinal);
    }

    private static async Task<IHost> ConnectAsync(TestSilos silos)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.UseOrleansClient(client => client
            .UseStaticClustering(silos.First.Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress.Endpoint)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("blindgrain", "blindgrain")));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
