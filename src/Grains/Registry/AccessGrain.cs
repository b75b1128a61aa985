using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <summary>What is stored of tenants and credentials.</summary>
internal sealed class AccessState
{
    /// <summary>Rises with every change.</summary>
    public long Version { get; set; }

    public List<TenantRecord> Tenants { get; set; } = [];

    public List<CredentialRecord> Credentials { get; set; } = [];
}

/// <inheritdoc cref="IAccessGrain"/>
[GrainType("access")]
internal sealed class AccessGrain([PersistentState("state")] IPersistentState<AccessState> state, TimeProvider time) : Grain, IAccessGrain
{
    private const int MaxNameLength = 200;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => this.GetPrimaryKeyString() == GrainKeys.Access
        ? Task.CompletedTask
        : throw new ArgumentException($"There is one such grain, '{GrainKeys.Access}'.");

    public Task<AccessSnapshot?> Read(long version) => Task.FromResult(version == state.State.Version
        ? null
        : new AccessSnapshot(state.State.Version, [.. state.State.Tenants], [.. state.State.Credentials]));

    public async Task<AccessOutcome> PutTenant(string tenant, bool disabled)
    {
        RequireId(tenant);
        List<TenantRecord> tenants = state.State.Tenants;
        int index = tenants.FindIndex(t => t.Tenant == tenant);
        DateTimeOffset now = time.GetUtcNow();
        if (index >= 0)
        {
            if (tenants[index].Disabled != disabled)
            {
                tenants[index] = tenants[index] with { Disabled = disabled, Changed = now };
                await StoreAsync();
            }

            return AccessOutcome.Changed;
        }

        if (tenants.Count >= IAccessGrain.MostTenants)
        {
            return AccessOutcome.Full;
        }

        tenants.Add(new TenantRecord { Tenant = tenant, Disabled = disabled, Created = now, Changed = now });
        await StoreAsync();
        return AccessOutcome.Created;
    }

    public async Task<AccessOutcome> RemoveTenant(string tenant)
    {
        if (state.State.Tenants.RemoveAll(t => t.Tenant == tenant) + state.State.Credentials.RemoveAll(c => c.Tenant == tenant) == 0)
        {
            return AccessOutcome.NotFound;
        }

        await StoreAsync();
        return AccessOutcome.Changed;
    }

    public async Task<AccessOutcome> AddCredential(CredentialRecord credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        RequireId(credential.Id);
        if (credential.Sha256.Length != 64 || credential.Name.Length > MaxNameLength || !Enum.IsDefined(credential.Role))
        {
            throw new ArgumentException($"A credential has the hexadecimal SHA-256 of its key, a role, and a name of at most {MaxNameLength} characters.", nameof(credential));
        }

        if (!state.State.Tenants.Exists(t => t.Tenant == credential.Tenant))
        {
            return AccessOutcome.NotFound;
        }

        if (state.State.Credentials.Exists(c => c.Id == credential.Id))
        {
            throw new ArgumentException($"There is a credential {credential.Id} already.", nameof(credential));
        }

        if (state.State.Credentials.Count >= IAccessGrain.MostCredentials)
        {
            return AccessOutcome.Full;
        }

        state.State.Credentials.Add(credential);
        await StoreAsync();
        return AccessOutcome.Created;
    }

    public async Task<AccessOutcome> RemoveCredential(string tenant, string id)
    {
        if (state.State.Credentials.RemoveAll(c => c.Tenant == tenant && c.Id == id) == 0)
        {
            return AccessOutcome.NotFound;
        }

        await StoreAsync();
        return AccessOutcome.Changed;
    }

    private static void RequireId(string id)
    {
        if (!GrainKeys.IsId(id))
        {
            throw new ArgumentException($"'{id}' is no id: {GrainKeys.IdForm}.", nameof(id));
        }
    }

    private Task StoreAsync()
    {
        state.State.Version++;
        return this.StoreAsync(state);
    }
}
