using System.Globalization;
using BlindGrain.Deploy.Tests.Docker;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Management;
using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>Resources, probes and times against what the programs do.</summary>
public class LimitTests
{
    /// <summary>What a process needs beside managed heap and key cache: code, threads' stacks, buffers, work spaces of threads. docs/operations.md, "Sizing".</summary>
    private const long OverheadBytes = 512L << 20;

    public static TheoryData<string, string> Programs => SettingTests.Programs;

    [Theory]
    [InlineData("base")]
    [InlineData("dev")]
    [InlineData("production")]
    public void A_silos_memory_holds_its_key_cache_its_heap_and_the_rest(string overlay)
    {
        Dictionary<string, string> environment = SettingTests.Environment(overlay, "silo");
        long cache = long.Parse(environment["Worker__KeyCacheMebibytes"], CultureInfo.InvariantCulture) << 20;
        long heap = Convert.ToInt64(environment["DOTNET_GCHeapHardLimit"], 16);
        Assert.InRange(cache + heap + OverheadBytes, 0, Memory(Container(overlay, "silo").Resources.Limits));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("production")]
    public void A_gateways_memory_holds_a_key_set_that_is_checked_and_its_folder_the_models_that_arrive(string overlay)
    {
        var options = new GatewayOptions();
        long keySet = long.Parse(SettingTests.Environment(overlay, "gateway")["Gateway__MaxKeySetBytes"], CultureInfo.InvariantCulture);
        Assert.InRange((2 * keySet) + OverheadBytes, 0, Memory(Container(overlay, "gateway").Resources.Limits));
        V1Volume folder = Overlay.Of(overlay).Deployment("blindgrain-gateway").Spec.Template.Spec.Volumes.Single(v => v.Name == "tmp");
        Assert.True(folder.EmptyDir.SizeLimit.ToInt64() >= 4 * options.MaxModelBytes);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Memory_is_reserved_as_it_is_limited_and_processors_are_never_limited(string overlay, string program)
    {
        V1ResourceRequirements resources = Container(overlay, program).Resources;
        Assert.Equal(Memory(resources.Limits), Memory(resources.Requests));
        Assert.False(resources.Limits.ContainsKey("cpu"));
        Assert.True(resources.Requests["cpu"].ToDecimal() > 0);
    }

    [Theory]
    [InlineData("base")]
    [InlineData("dev")]
    [InlineData("production")]
    public void A_silo_computes_on_no_more_threads_than_it_has_processors_reserved(string overlay)
    {
        Dictionary<string, string> environment = SettingTests.Environment(overlay, "silo");
        decimal processors = Container(overlay, "silo").Resources.Requests["cpu"].ToDecimal();
        Assert.InRange(decimal.Parse(environment["Worker__Threads"], CultureInfo.InvariantCulture), 1, processors);
        Assert.Equal(processors, decimal.Parse(environment["DOTNET_PROCESSOR_COUNT"], CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_stop_ends_before_it_is_cut_off(string overlay, string program)
    {
        V1PodSpec pod = Overlay.Of(overlay).Deployment($"blindgrain-{program}").Spec.Template.Spec;
        string variable = program == "silo" ? "Silo__ShutdownTimeout" : "Gateway__ShutdownTimeout";
        double seconds = TimeSpan.Parse(SettingTests.Environment(overlay, program)[variable], CultureInfo.InvariantCulture).TotalSeconds;
        double before = pod.Containers.Single().Lifecycle?.PreStop.Sleep.Seconds ?? 0;
        Assert.InRange(before + seconds + 10, 0, pod.TerminationGracePeriodSeconds!.Value);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Probes_ask_what_the_program_answers_and_wait_as_long_as_it_may_take(string overlay, string program)
    {
        V1Container container = Container(overlay, program);
        Dictionary<string, string> environment = SettingTests.Environment(overlay, program);
        foreach ((V1Probe probe, string path) in new[]
        {
            (container.StartupProbe, ManagementOptions.LivePath),
            (container.LivenessProbe, ManagementOptions.LivePath),
            (container.ReadinessProbe, ManagementOptions.ReadyPath),
        })
        {
            Assert.Equal(path, probe.HttpGet.Path);
            Assert.Equal(environment["Management__Port"], container.Ports.Single(p => p.Name == probe.HttpGet.Port.Value).ContainerPort.ToString(CultureInfo.InvariantCulture));

            // The checks themselves give up after four seconds.
            Assert.True(probe.TimeoutSeconds > 4);
        }

        Assert.Equal("0.0.0.0", environment["Management__Address"]);
        int startup = container.StartupProbe.PeriodSeconds!.Value * container.StartupProbe.FailureThreshold!.Value;
        Assert.InRange(startup, 60, 300);
        Assert.InRange(TimeSpan.Parse(environment["Cluster__StartTimeout"], CultureInfo.InvariantCulture).TotalSeconds, 30, startup - 30);

        // A process is not ended because it was slow for a moment.
        Assert.True(container.LivenessProbe.PeriodSeconds * container.LivenessProbe.FailureThreshold >= 60);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Ports_are_those_that_the_program_listens_on_and_the_image_exposes(string overlay, string program)
    {
        Dictionary<string, string> environment = SettingTests.Environment(overlay, program);
        string[] listened = program == "silo"
            ? [environment["Silo__SiloPort"], environment["Silo__GatewayPort"], environment["Management__Port"]]
            : [$"{new Uri(environment["ASPNETCORE_URLS"]).Port}", environment["Management__Port"]];
        Assert.Equal(listened.Order(), Container(overlay, program).Ports.Select(p => $"{p.ContainerPort}").Order());
        Assert.Equal(listened.Order(), Dockerfile.Read().Ports(program).Order());
    }

    [Fact]
    public void The_ingress_lets_through_what_the_gateway_takes_for_as_long_as_it_waits()
    {
        IDictionary<string, string> annotations = Overlay.Of("production").Objects.OfType<V1Ingress>().Single().Metadata.Annotations;
        var options = new GatewayOptions();
        long body = long.Parse(annotations["nginx.ingress.kubernetes.io/proxy-body-size"].TrimEnd('m'), CultureInfo.InvariantCulture) << 20;
        Assert.True(body >= Math.Max(options.MaxModelBytes, Math.Max(options.MaxChunkBytes, options.MaxInferenceBytes)));
        Assert.True(int.Parse(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"], CultureInfo.InvariantCulture) >= 2 * options.MaxWait.TotalSeconds);
        Assert.Equal("true", annotations["nginx.ingress.kubernetes.io/ssl-redirect"]);
        V1IngressSpec ingress = Overlay.Of("production").Objects.OfType<V1Ingress>().Single().Spec;
        Assert.Equal(ingress.Rules.Select(r => r.Host), ingress.Tls.SelectMany(t => t.Hosts));
    }

    private static V1Container Container(string overlay, string program) => Overlay.Of(overlay).Deployment($"blindgrain-{program}").Spec.Template.Spec.Containers.Single();

    private static long Memory(IDictionary<string, ResourceQuantity> resources) => resources["memory"].ToInt64();
}
