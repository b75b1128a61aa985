using System.Collections.Frozen;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Hosting;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Security;

/// <summary>
/// This gateway's copy of the tenants and credentials that the cluster keeps, read anew every <see cref="GatewayOptions.CredentialRefresh"/>. Authentication asks no grain, so that who has no
/// valid key costs the cluster nothing.
/// </summary>
internal sealed class AccessDirectory(IGrainFactory grains, IOptions<GatewayOptions> options, ILogger<AccessDirectory> logger) : BackgroundService
{
    /// <summary>The copy may be asked for again by unknown keys no sooner than this.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Copy? _copy;
    private long _readAt;

    /// <summary>The grain that this is a copy of.</summary>
    public IAccessGrain Grain => grains.GetGrain<IAccessGrain>(GrainKeys.Access);

    /// <summary>The present copy.</summary>
    /// <exception cref="ProblemException">There is none yet: no silo has answered.</exception>
    public AccessSnapshot Snapshot => Present.Snapshot;

    private Copy Present => _copy ?? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ClusterUnavailable, "No silo has answered yet; try again shortly.");

    /// <summary>A credential by its id; one that has just been issued is found too.</summary>
    /// <exception cref="ProblemException">It is not known whether there is one: no silo has answered yet.</exception>
    public async Task<CredentialRecord?> FindCredential(string id)
    {
        if (_copy?.Credentials.GetValueOrDefault(id) is { } known)
        {
            return known;
        }

        // It may have been issued since the last reading. Who guesses keys waits, and costs the cluster four readings a second at most.
        double age = Environment.TickCount64 - Interlocked.Read(ref _readAt);
        if (_copy is not null && age < s_shortest.TotalMilliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(s_shortest.TotalMilliseconds - age));
        }

        try
        {
            await Refresh();
        }
        catch (Exception e) when (ClusterFailures.IsTransient(e))
        {
            GatewayLog.AccessUnknown(logger, e.Message);
        }

        return Present.Credentials.GetValueOrDefault(id);
    }

    /// <summary>What administrators have noted of a tenant; null where that is nothing.</summary>
    public TenantRecord? FindTenant(string tenant) => _copy?.Tenants.GetValueOrDefault(tenant);

    /// <summary>Reads what has changed.</summary>
    public async Task Refresh()
    {
        long asked = Environment.TickCount64;
        await _reading.WaitAsync();
        try
        {
            if (_copy is not null && Interlocked.Read(ref _readAt) > asked)
            {
                // Somebody else has read it since.
                return;
            }

            long begun = Environment.TickCount64;
            if (await Grain.Read(_copy?.Snapshot.Version ?? -1).WaitAsync(s_patience) is { } changed)
            {
                _copy = new Copy(changed);
            }

            _ = Interlocked.Exchange(ref _readAt, begun);
        }
        finally
        {
            _ = _reading.Release();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CredentialRefresh);
        do
        {
            try
            {
                await Refresh();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The last copy holds meanwhile.
                GatewayLog.AccessUnknown(logger, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private sealed class Copy(AccessSnapshot snapshot)
    {
        public AccessSnapshot Snapshot { get; } = snapshot;

        public FrozenDictionary<string, TenantRecord> Tenants { get; } = snapshot.Tenants.ToFrozenDictionary(t => t.Tenant, StringComparer.Ordinal);

        public FrozenDictionary<string, CredentialRecord> Credentials { get; } = snapshot.Credentials.ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);
    }
}
