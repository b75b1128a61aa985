using System.Collections.Frozen;
using System.Runtime.ExceptionServices;
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
    private Failure? _failure;

    /// <summary>The grain that this is a copy of.</summary>
    public IAccessGrain Grain => grains.GetGrain<IAccessGrain>(GrainKeys.Access);

    /// <summary>The present copy.</summary>
    /// <exception cref="ProblemException">There is none yet: no silo has answered.</exception>
    public AccessSnapshot Snapshot => Present.Snapshot;

    private Copy Present => _copy ?? throw new ProblemException(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ClusterUnavailable, "No silo has answered yet; try again shortly.");

    /// <summary>A credential by its id; one that has just been issued is found too. The last copy holds while there is no newer one.</summary>
    /// <exception cref="ProblemException">It is not known whether there is one: the cluster does not answer, or cannot read what it keeps.</exception>
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
        catch (Exception e)
        {
            // Whatever the reason, "unknown" would have its owner throw a good key away. The log has it from the readings that go on in the background.
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable,
                ClusterFailures.IsOfStorage(e) ? ErrorCodes.StorageUnavailable : ErrorCodes.ClusterUnavailable,
                "It cannot be told at the moment whether this API key is valid: the cluster's credentials cannot be read. Try again shortly.");
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

            if (_failure is { } failure && failure.Begun > asked)
            {
                // Somebody else has tried since: those who wait in line do not each wait for another failure.
                ExceptionDispatchInfo.Throw(failure.Exception);
            }

            long begun = Environment.TickCount64;
            await Read(begun);
        }
        finally
        {
            _ = _reading.Release();
        }
    }

    private async Task Read(long begun)
    {
        try
        {
            if (await Grain.Read(_copy?.Snapshot.Version ?? -1).WaitAsync(s_patience) is { } changed)
            {
                _copy = new Copy(changed);
            }

            _ = Interlocked.Exchange(ref _readAt, begun);
            _failure = null;
        }
        catch (Exception e)
        {
            _failure = new Failure(begun, e);
            throw;
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

    /// <summary>A reading that failed, and when it was begun.</summary>
    private sealed record Failure(long Begun, Exception Exception);

    private sealed class Copy(AccessSnapshot snapshot)
    {
        public AccessSnapshot Snapshot { get; } = snapshot;

        public FrozenDictionary<string, TenantRecord> Tenants { get; } = snapshot.Tenants.ToFrozenDictionary(t => t.Tenant, StringComparer.Ordinal);

        public FrozenDictionary<string, CredentialRecord> Credentials { get; } = snapshot.Credentials.ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);
    }
}
