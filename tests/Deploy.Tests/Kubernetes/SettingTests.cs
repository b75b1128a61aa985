using BlindGrain.Clustering.Hosting;
using BlindGrain.Clustering.Security;
using BlindGrain.Deploy.Tests.Docker;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Hosting;
using BlindGrain.Management;
using BlindGrain.Silo;
using BlindGrain.Storage.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>Every setting is one that the programs have, with a value that they take.</summary>
public sealed class SettingTests : IDisposable
{
    private static readonly Dictionary<string, Type[]> s_sections = new(StringComparer.Ordinal)
    {
        [SiloOptions.Section] = [typeof(SiloOptions)],
        [ClusterBackendOptions.Section] = [typeof(ClusterBackendOptions)],
        [ClusterTlsOptions.Section] = [typeof(ClusterTlsOptions)],
        [WorkerOptions.Section] = [typeof(WorkerOptions)],
        [StorageOptions.Section] = [typeof(StorageOptions)],
        [GatewayOptions.Section] = [typeof(GatewayOptions), typeof(ClusterClientOptions)],
        [ManagementOptions.Section] = [typeof(ManagementOptions)],
    };

    private static readonly string[] s_runtime = ["DOTNET_GCHeapHardLimit", "DOTNET_PROCESSOR_COUNT", "DOTNET_EnableDiagnostics", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS"];

    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-test-").FullName;

    public static TheoryData<string, string> Programs => new() { { "dev", "silo" }, { "dev", "gateway" }, { "production", "silo" }, { "production", "gateway" } };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_variable_is_a_setting_that_exists(string overlay, string program) =>
        Assert.DoesNotContain(Environment(overlay, program).Keys, k => !Exists(k));

    [Theory]
    [InlineData("Worker__Thread")]
    [InlineData("Workers__Threads")]
    [InlineData("Cluster__Tls__Cert")]
    [InlineData("DOTNET_gcHeapLimit")]
    public void A_setting_that_does_not_exist_is_told(string variable) => Assert.False(Exists(variable));

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_program_takes_its_settings(string overlay, string program)
    {
        Dictionary<string, string?> settings = Settings(overlay, program);
        if (program == "silo")
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            _ = builder.Configuration.AddInMemoryCollection(settings);
            _ = builder.AddBlindGrainSilo(builder.Configuration);
            using IHost host = builder.Build();
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            Assert.Equal(TimeSpan.Parse(settings["Silo:ShutdownTimeout"]!), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        }
        else
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            _ = builder.WebHost.UseKestrelCore();
            _ = builder.Configuration.AddInMemoryCollection(settings);
            _ = builder.AddBlindGrainGateway().AddBlindGrainClusterClient();
            using IHost host = builder.Build();
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            Assert.Equal(TimeSpan.Parse(settings["Gateway:ShutdownTimeout"]!), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        }
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("production")]
    public void Silos_and_gateways_are_of_one_cluster(string overlay)
    {
        Dictionary<string, string> silo = Environment(overlay, "silo"), gateway = Environment(overlay, "gateway");
        Assert.Equal((silo["Silo__ClusterId"], silo["Silo__ServiceId"]), (gateway["Gateway__ClusterId"], gateway["Gateway__ServiceId"]));
        Assert.All(silo.Keys.Where(k => k.StartsWith("Cluster__", StringComparison.Ordinal) || k.StartsWith("Storage__", StringComparison.Ordinal)), k => Assert.Equal(silo[k], gateway[k]));
        Assert.Equal("", silo["Silo__Address"]);
    }

    [Fact]
    public void Silos_of_production_share_a_store_that_outlives_nodes_and_trust_nobody_unknown()
    {
        Dictionary<string, string> silo = Environment("production", "silo");
        Assert.Equal("Azure", silo["Storage__Backend"]);
        Assert.NotEqual("Development", silo["Cluster__Backend"]);
        Assert.True(new ClusterTlsOptions { Certificate = silo["Cluster__Tls__Certificate"] }.Enabled);
    }

    /// <summary>What a program finds: the image's variables and the manifests'.</summary>
    internal static Dictionary<string, string> Environment(string overlay, string program)
    {
        Dictionary<string, string> environment = Dockerfile.Read().Environment(program);
        foreach ((string key, string value) in Overlay.Of(overlay).Environment(Overlay.Of(overlay).Deployment($"blindgrain-{program}").Spec.Template))
        {
            environment[key] = value;
        }

        return environment;
    }

    /// <summary>The same as settings, with files that exist here, an account's name and a pod's address.</summary>
    private Dictionary<string, string?> Settings(string overlay, string program)
    {
        var settings = Environment(overlay, program).ToDictionary(v => v.Key.Replace("__", ":", StringComparison.Ordinal), v => (string?)v.Value);
        settings["Cluster:ConnectionStringFile"] = Path.Combine(_folder, "connection-string");
        File.WriteAllText(settings["Cluster:ConnectionStringFile"]!, "redis:6379,password=x");
        if (settings.TryGetValue("Storage:AzureServiceUri", out string? account))
        {
            TestCertificates.Write(_folder, $"blindgrain-{program}");
            (settings["Cluster:Tls:Certificate"], settings["Cluster:Tls:Key"], settings["Cluster:Tls:Authority"]) =
                (Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"), Path.Combine(_folder, "ca.crt"));
            settings["Storage:AzureServiceUri"] = account!.Replace("ACCOUNT", "account", StringComparison.Ordinal);
        }

        if (program == "silo")
        {
            settings["Silo:Address"] = "10.1.2.3";
        }
        else
        {
            // What the program reads of Gateway:ApiKeyFile.
            settings["Gateway:ApiKeys:0:Tenant"] = "t";
            settings["Gateway:ApiKeys:0:Sha256"] = ApiKey.Hash("k");
        }

        return settings;
    }

    internal static bool Exists(string variable)
    {
        string[] parts = variable.Split("__");
        return parts.Length == 1
            ? s_runtime.Contains(variable)
            : s_sections.TryGetValue(string.Join(':', parts[..^1]), out Type[]? types) && types.Any(t => t.GetProperty(parts[^1])?.CanWrite == true);
    }
}
