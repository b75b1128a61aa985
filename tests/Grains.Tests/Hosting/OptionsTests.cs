using BlindGrain.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Hosting;

public class OptionsTests
{
    [Theory]
    [InlineData("Silo:SiloPort", "0")]
    [InlineData("Silo:GatewayPort", "11111")]
    [InlineData("Silo:Address", "somewhere")]
    [InlineData("Silo:PrimarySilo", "127.0.0.1")]
    [InlineData("Silo:ClusterId", " ")]
    [InlineData("Silo:ShutdownTimeout", "00:00:00")]
    [InlineData("Management:Port", "65536")]
    [InlineData("Silo:ProbeTimeout", "00:00:00.1")]
    [InlineData("Worker:Threads", "-1")]
    [InlineData("Worker:RunningJobs", "0")]
    [InlineData("Worker:SliceTries", "0")]
    [InlineData("Worker:MemoryPercent", "20")]
    [InlineData("Worker:KeyCheckInterval", "00:00:00")]
    [InlineData("Retention:Results", "00:00:01")]
    [InlineData("Retention:SweepInterval", "2.00:00:00")]
    [InlineData("Worker:SliceDuration", "00:00:00")]
    [InlineData("Worker:SilentAfter", "00:00:00.5")]
    [InlineData("Worker:TenantBurst", "-00:00:01")]
    [InlineData("Worker:HandoverTime", "01:00:00")]
    [InlineData("Worker:TenantWeights:acme", "0")]
    [InlineData("Worker:TenantWeights:acme", "NaN")]
    [InlineData("Worker:TenantWeights:no tenant", "1")]
    [InlineData("Storage:Folder", " ")]
    public async Task A_setting_that_cannot_work_stops_the_start_and_is_named(string setting, string value)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(setting, value)]);
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            _ = builder.AddBlindGrainSilo(builder.Configuration);
            using IHost host = builder.Build();
            await host.StartAsync();
        });
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
    }
}
