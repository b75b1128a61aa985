using k8s.Models;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>How pods are selected, shut in, and kept available.</summary>
public class PodTests
{
    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Controllers_budgets_and_spreads_select_their_own_pods_and_no_others(string name)
    {
        Overlay overlay = Overlay.Of(name);
        foreach ((string owner, V1LabelSelector selector, V1PodTemplateSpec template) in overlay.Pods)
        {
            Assert.Equal([owner], overlay.Pods.Where(p => Selecting.Matches(selector, p.Template.Metadata.Labels)).Select(p => p.Owner));
            Assert.All(template.Spec.TopologySpreadConstraints ?? [], c => Assert.Equal(
                [owner], overlay.Pods.Where(p => Selecting.Matches(c.LabelSelector, p.Template.Metadata.Labels)).Select(p => p.Owner)));
        }

        foreach (V1Deployment deployment in overlay.Deployments)
        {
            V1PodDisruptionBudget budget = Assert.Single(overlay.Objects.OfType<V1PodDisruptionBudget>(), b => Selecting.Matches(b.Spec.Selector, deployment.Spec.Template.Metadata.Labels));
            Assert.Equal(deployment.Metadata.Name, budget.Metadata.Name);
            Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
            Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], deployment.Spec.Template.Spec.TopologySpreadConstraints.Select(c => c.TopologyKey).Order());
            Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        }
    }

    [Fact]
    public void Production_outlives_the_loss_of_any_one_pod()
    {
        Overlay overlay = Overlay.Of("production");
        Assert.True(overlay.Deployment("blindgrain-gateway").Spec.Replicas >= 2);
        Assert.True(overlay.Objects.OfType<ScaledObject>().Single().Spec.MinReplicaCount >= 2);
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Pods_have_no_rights_and_write_nowhere_but_to_their_volumes(string name)
    {
        foreach (V1PodTemplateSpec pod in Overlay.Of(name).Pods.Select(p => p.Template))
        {
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.False(pod.Spec.EnableServiceLinks);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.True(pod.Spec.SecurityContext.RunAsUser > 0);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.True(pod.Spec.HostNetwork is null && pod.Spec.HostPID is null && pod.Spec.HostIPC is null);
            Assert.DoesNotContain(pod.Spec.Volumes, v => v.HostPath is not null);
            foreach (V1Container container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
            {
                V1SecurityContext security = container.SecurityContext;
                Assert.True(security.ReadOnlyRootFilesystem);
                Assert.False(security.AllowPrivilegeEscalation);
                Assert.Equal(["ALL"], security.Capabilities.Drop);
                Assert.True(security.Capabilities.Add is null && security.Privileged is null);
            }
        }

        Assert.All(Overlay.Of(name).Objects.OfType<V1ServiceAccount>(), a => Assert.False(a.AutomountServiceAccountToken));
        Assert.Equal("restricted", Overlay.Of(name).Objects.OfType<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"]);
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public void Images_are_of_this_version_and_never_a_moving_tag(string name)
    {
        foreach (V1PodTemplateSpec pod in Overlay.Of(name).Pods.Select(p => p.Template))
        {
            string[] image = pod.Spec.Containers.Single().Image.Split(':');
            Assert.Equal(2, image.Length);
            Assert.DoesNotContain("latest", image[1], StringComparison.Ordinal);
            Assert.True(!image[0].Contains("blindgrain", StringComparison.Ordinal) || image[1] == Repository.Version, $"{image[0]} is not of version {Repository.Version}.");
        }
    }

    [Fact]
    public void Pods_of_production_carry_the_label_of_workload_identity_and_their_accounts_an_identity()
    {
        Overlay overlay = Overlay.Of("production");
        foreach (V1PodTemplateSpec pod in overlay.Pods.Select(p => p.Template))
        {
            Assert.Equal("true", pod.Metadata.Labels["azure.workload.identity/use"]);
            V1ServiceAccount account = overlay.Objects.OfType<V1ServiceAccount>().Single(a => a.Metadata.Name == pod.Spec.ServiceAccountName);
            Assert.True(Guid.TryParse(account.Metadata.Annotations["azure.workload.identity/client-id"], out _));
        }
    }
}
