using System.Reflection;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains.Security;

/// <summary>
/// Lets clients of the cluster, which gateways are, call what is meant for them: the grains of <see cref="Interfaces"/> and what
/// Orleans' client needs of its silo. Everything else is for silos only: workers (which bootstrap with any tenant's keys), reminders,
/// management, membership, directories. Calls from grains and silos pass.
/// </summary>
internal sealed class ExternalCallFilter(ILogger<ExternalCallFilter> logger) : IIncomingGrainCallFilter
{
    private static readonly Assembly s_ours = typeof(ITenantGrain).Assembly;

    /// <summary>By name, since they are Orleans' own: the manifest of grain types, and the cancellation of calls.</summary>
    private static readonly HashSet<string> s_orleans = new(StringComparer.Ordinal)
    {
        "Orleans.Runtime.IClusterManifestSystemTarget",
        "Orleans.Runtime.ICancellationSourcesExtension",
        "Orleans.Runtime.IGrainCallCancellationExtension",
    };

    /// <summary>What a gateway's dashboard asks for, where silos have it: counters. Not among it are grains' states and reminders, which hold what tenants have.</summary>
    private static readonly HashSet<string> s_dashboard =
    [
        .. new[] { "GetCounters", "GetClusterTracing", "GetSiloTracing", "GetGrainTracing", "TopGrainMethods", "GetGrainTypes", "InitializeAsync" }.Select(m => $"Orleans.Dashboard.Core.IDashboardGrain.{m}"),
        .. new[] { "GetRuntimeStatistics", "GetExtendedProperties", "GetMetadata", "GetCounters" }.SelectMany(m => new[] { $"Orleans.Dashboard.Core.ISiloGrainProxy.{m}", $"Orleans.Dashboard.Core.ISiloGrainService.{m}" }),
    ];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if ((context.SourceId is { } source && !IsExternal(source)) || IsOpen(context.InterfaceMethod.DeclaringType, context.MethodName))
        {
            return context.Invoke();
        }

        GrainsLog.CallDenied(logger, context.SourceId?.ToString() ?? "of no name", context.InterfaceName, context.MethodName);
        throw new UnauthorizedAccessException($"{context.InterfaceName}.{context.MethodName} is not for clients of the cluster.");
    }

    /// <summary>Whether a caller is a client in another process; the one inside a silo is part of it.</summary>
    internal static bool IsExternal(GrainId source) => source.IsClient() && source.Key.ToString() is { } key && !key.StartsWith("hosted-", StringComparison.Ordinal);

    /// <summary>Whether clients may call a method of an interface.</summary>
    internal static bool IsOpen(Type? type, string method) =>
        type is not null
        && ((type.Assembly == s_ours && typeof(IGrainWithStringKey).IsAssignableFrom(type))
            || s_orleans.Contains(type.FullName ?? "")
            || s_dashboard.Contains($"{type.FullName}.{method}"));
}
