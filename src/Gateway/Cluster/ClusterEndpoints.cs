using BlindGrain.Gateway.Security;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Cluster;

/// <summary>How busy the cluster is: sums over all tenants, rounded.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => _ = routes.MapGet("/v2/cluster", Get).WithName("cluster_load").WithSummary("How busy the cluster is").Requires(CredentialRole.Client);

    private static Task<ClusterDocument> Get(ClusterView cluster, CancellationToken cancellation) => cluster.Get(cancellation);
}
