using System.Globalization;

namespace BlindGrain.Deploy.Tests.Docker;

public class ComposeTests
{
    private static readonly Compose s_compose = Compose.Read();

    private static IEnumerable<KeyValuePair<string, ComposeService>> Ours => s_compose.Services.Where(s => s.Value.Build is not null);

    [Fact]
    public void There_are_a_gateway_two_silos_and_Redis() => Assert.Equal(["gateway", "redis", "silo-1", "silo-2"], s_compose.Services.Keys.Order());

    [Fact]
    public void What_services_name_exists()
    {
        foreach ((string _, ComposeService service) in s_compose.Services)
        {
            Assert.Empty(service.Secrets.Except(s_compose.Secrets.Keys));
            Assert.Empty(service.Networks.Keys.Except(s_compose.Networks.Keys));
            Assert.Empty(service.Volumes.Select(v => v.Split(':')[0]).Except(s_compose.Volumes.Keys));
            Assert.All(service.DependsOn, d => Assert.NotNull(s_compose.Services[d.Key].Healthcheck));
            Assert.All(service.Environment.Where(v => v.Value.StartsWith("/run/secrets/", StringComparison.Ordinal)), v => Assert.Contains(v.Value["/run/secrets/".Length..], service.Secrets));
        }

        string makes = Repository.Read("deploy", "docker", "make-secrets");
        Assert.All(s_compose.Secrets.Values, s => Assert.Contains($"\"$folder/{Path.GetFileName(s.File)}\"", makes, StringComparison.Ordinal));
    }

    [Fact]
    public void Containers_have_no_rights_and_images_are_of_this_version()
    {
        Assert.All(s_compose.Services.Values, s => Assert.True(s is { ReadOnly: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges:true"] } && !s.User.StartsWith('0')));
        Assert.All(Ours, s => Assert.EndsWith($":{Repository.Version}", s.Value.Image, StringComparison.Ordinal));
        Assert.All(s_compose.Services.Values.SelectMany(s => s.Ports), p => Assert.StartsWith("127.0.0.1:", p, StringComparison.Ordinal));
    }

    [Fact]
    public void A_health_check_runs_the_image_s_own_program()
    {
        foreach ((string _, ComposeService service) in Ours)
        {
            string entry = Dockerfile.Read().Of(service.Build!.Target).Last(i => i.Name == "ENTRYPOINT").Arguments;
            Assert.Equal("CMD", service.Healthcheck.Test[0]);
            Assert.Equal(entry, $"[{string.Join(", ", service.Healthcheck.Test[1..^1].Select(a => $"\"{a}\""))}]");
            Assert.Equal("--probe", service.Healthcheck.Test[^1]);
            Assert.True(File.Exists(Repository.PathOf(service.Build.Dockerfile)));
        }
    }

    [Fact]
    public void Variables_are_settings_that_exist_and_fit_the_limits()
    {
        foreach ((string _, ComposeService service) in Ours)
        {
            Assert.All(service.Environment.Keys, k => Assert.True(Kubernetes.SettingTests.Exists(k), k));
            string stop = service.Environment.Single(v => v.Key.EndsWith("__ShutdownTimeout", StringComparison.Ordinal)).Value;
            Assert.True(TimeSpan.Parse(stop, CultureInfo.InvariantCulture).TotalSeconds + 10 <= double.Parse(service.StopGracePeriod!.TrimEnd('s'), CultureInfo.InvariantCulture));
        }

        foreach (ComposeService silo in Ours.Where(s => s.Key.StartsWith("silo", StringComparison.Ordinal)).Select(s => s.Value))
        {
            // Silos enter this address into the membership, so it must be theirs.
            Assert.Equal(silo.Networks["cluster"].Ipv4Address, silo.Environment["Silo__Address"]);
            long mebibytes = long.Parse(silo.Environment["Worker__KeyCacheMebibytes"], CultureInfo.InvariantCulture) + (Convert.ToInt64(silo.Environment["DOTNET_GCHeapHardLimit"], 16) >> 20) + 512;
            Assert.InRange(mebibytes, 0, long.Parse(silo.MemLimit!.TrimEnd('m'), CultureInfo.InvariantCulture));
        }
    }
}
