using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>What an object names is there.</summary>
public class ReferenceTests
{
    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void ConfigMaps_claims_and_accounts_that_pods_name_exist(string name)
    {
        Overlay overlay = Overlay.Of(name);
        string[] maps = [.. overlay.Objects.OfType<V1ConfigMap>().Select(m => m.Metadata.Name)];
        string[] accounts = [.. overlay.Objects.OfType<V1ServiceAccount>().Select(a => a.Metadata.Name)];
        string[] claims = [.. overlay.Objects.OfType<V1PersistentVolumeClaim>().Select(c => c.Metadata.Name)];
        string[] usedMaps = [.. overlay.Pods.SelectMany(p => p.Template.Spec.Containers).SelectMany(c => c.EnvFrom ?? []).Select(e => e.ConfigMapRef.Name)];
        Assert.Empty(usedMaps.Except(maps));
        Assert.Empty(maps.Except(usedMaps));
        Assert.Empty(overlay.Pods.Select(p => p.Template.Spec.ServiceAccountName).Except(accounts));
        Assert.Empty(overlay.Pods.SelectMany(p => p.Template.Spec.Volumes).Where(v => v.PersistentVolumeClaim is not null).Select(v => v.PersistentVolumeClaim.ClaimName).Except(claims));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Secrets_are_only_referred_to_and_are_those_of_the_documents(string name)
    {
        Overlay overlay = Overlay.Of(name);
        Assert.Empty(overlay.Objects.OfType<V1Secret>());
        string[] made = [.. overlay.Objects.OfType<Certificate>().Select(c => c.Spec.SecretName), "blindgrain-ingress-tls"];
        string documented = Repository.Read("deploy", "README.md");
        string[] used = [.. overlay.Pods.SelectMany(p => p.Template.Spec.Volumes).Where(v => v.Secret is not null).Select(v => v.Secret.SecretName)
            .Concat(overlay.Objects.OfType<Issuer>().Select(i => i.Spec.Ca?.SecretName).OfType<string>())
            .Concat(overlay.Objects.OfType<V1Ingress>().SelectMany(i => i.Spec.Tls).Select(t => t.SecretName))];
        Assert.NotEmpty(used);
        Assert.All(used.Except(made), secret => Assert.Contains($"`{secret}`", documented, StringComparison.Ordinal));

        // No value that looks like one comes by the environment either.
        Assert.All(overlay.Pods.SelectMany(p => overlay.Environment(p.Template)), v => Assert.DoesNotMatch("(?i)(password|secret|accountkey|signature)=", $"{v.Key}={v.Value}"));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Volumes_are_mounted_once_and_mounts_have_volumes(string name)
    {
        foreach (V1PodTemplateSpec pod in Overlay.Of(name).Pods.Select(p => p.Template))
        {
            IEnumerable<string> claims = Overlay.Of(name).Objects.OfType<V1StatefulSet>().Where(s => s.Spec.Template == pod).SelectMany(s => s.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name);
            V1Container container = pod.Spec.Containers.Single();
            Assert.Equal(pod.Spec.Volumes.Select(v => v.Name).Concat(claims).Order(), container.VolumeMounts.Select(m => m.Name).Order());
            Assert.Equal(container.VolumeMounts.Count, container.VolumeMounts.DistinctBy(m => m.MountPath).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Files_that_settings_name_lie_in_mounted_secrets_or_the_data_folder(string name)
    {
        Overlay overlay = Overlay.Of(name);
        foreach (V1PodTemplateSpec pod in overlay.Pods.Select(p => p.Template))
        {
            IList<V1VolumeMount> mounts = pod.Spec.Containers.Single().VolumeMounts;
            foreach ((string key, string path) in overlay.Environment(pod).Where(v => v.Value.StartsWith('/')))
            {
                V1VolumeMount mount = Assert.Single(mounts, m => path == m.MountPath || path.StartsWith(m.MountPath + "/", StringComparison.Ordinal));
                IList<V1KeyToPath>? items = pod.Spec.Volumes.Single(v => v.Name == mount.Name).Secret?.Items;
                Assert.True(items is null || items.Any(i => $"{mount.MountPath}/{i.Path}" == path), $"{key} names {path}, which the secret is not mounted as.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Services_lead_to_ports_and_ingress_and_monitor_to_services(string name)
    {
        Overlay overlay = Overlay.Of(name);
        foreach (V1Service service in overlay.Objects.OfType<V1Service>())
        {
            V1PodTemplateSpec pod = Assert.Single(overlay.Pods, p => Selecting.Matches(service.Spec.Selector, p.Template.Metadata.Labels)).Template;
            string[] ports = [.. pod.Spec.Containers.SelectMany(c => c.Ports).Select(p => p.Name)];
            Assert.All(service.Spec.Ports, p => Assert.Contains(p.TargetPort.Value, ports));
        }

        foreach (V1IngressBackend backend in overlay.Objects.OfType<V1Ingress>().SelectMany(i => i.Spec.Rules).SelectMany(r => r.Http.Paths).Select(p => p.Backend))
        {
            V1Service service = Assert.Single(overlay.Objects.OfType<V1Service>(), s => s.Metadata.Name == backend.Service.Name);
            Assert.Contains(backend.Service.Port.Name, service.Spec.Ports.Select(p => p.Name));
        }

        foreach (ServiceMonitor monitor in overlay.Objects.OfType<ServiceMonitor>())
        {
            V1Service[] services = [.. overlay.Objects.OfType<V1Service>().Where(s => Selecting.Matches(monitor.Spec.Selector, s.Metadata.Labels))];
            Assert.Equal(["blindgrain-gateway", "blindgrain-silo"], services.Select(s => s.Metadata.Name).Order());
            Assert.All(services, s => Assert.All(monitor.Spec.Endpoints, e => Assert.Contains(e.Port, s.Spec.Ports.Select(p => p.Name))));
        }
    }

    [Fact]
    public void The_autoscaler_leads_to_the_silos_which_name_no_number_of_their_own()
    {
        Overlay overlay = Overlay.Of("production");
        ScaledObject scaled = Assert.Single(overlay.Objects.OfType<ScaledObject>());
        V1Deployment target = overlay.Deployment(scaled.Spec.ScaleTargetRef.Name);
        Assert.Equal((target.ApiVersion, target.Kind), (scaled.Spec.ScaleTargetRef.ApiVersion, scaled.Spec.ScaleTargetRef.Kind));
        Assert.Null(target.Spec.Replicas);
        Assert.InRange(scaled.Spec.Fallback!.Replicas, scaled.Spec.MinReplicaCount!.Value, scaled.Spec.MaxReplicaCount!.Value);

        // Out at once, in slowly.
        V2HorizontalPodAutoscalerBehavior behavior = scaled.Spec.Advanced!.HorizontalPodAutoscalerConfig.Behavior;
        Assert.True(behavior.ScaleDown.StabilizationWindowSeconds >= 600);
        Assert.All(behavior.ScaleDown.Policies, p => Assert.Equal(("Pods", 1), (p.Type, p.Value)));
        Assert.True(behavior.ScaleUp.StabilizationWindowSeconds <= 60);
    }

    [Fact]
    public void Certificates_carry_the_names_and_usages_that_the_other_side_asks_for_and_lead_to_the_authority()
    {
        Overlay overlay = Overlay.Of("production");
        string[] issuers = [.. overlay.Objects.OfType<Issuer>().Select(i => i.Metadata.Name)];
        Assert.All(overlay.Objects.OfType<Certificate>(), c => Assert.Contains(c.Spec.IssuerRef.Name, issuers));
        Certificate authority = overlay.Objects.OfType<Certificate>().Single(c => c.Spec.IsCA);
        Assert.Contains(overlay.Objects.OfType<Issuer>(), i => i.Spec.Ca?.SecretName == authority.Spec.SecretName);
        foreach (string role in (string[])["silo", "gateway"])
        {
            Certificate certificate = overlay.Objects.OfType<Certificate>().Single(c => c.Metadata.Name == $"blindgrain-{role}");
            Assert.Equal([$"blindgrain-{role}"], certificate.Spec.DnsNames!);
            Assert.Subset(certificate.Spec.Usages!.ToHashSet(), new HashSet<string> { "server auth", "client auth" });
            V1Volume volume = overlay.Deployment($"blindgrain-{role}").Spec.Template.Spec.Volumes.Single(v => v.Name == "tls");
            Assert.Equal(certificate.Spec.SecretName, volume.Secret.SecretName);
        }
    }
}
