using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Tests.Registry;

public class AccessTests
{
    [Fact]
    public async Task Tenants_and_credentials_are_kept_and_who_knows_the_present_version_is_told_nothing()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1);
        IAccessGrain access = silos.Grains.GetGrain<IAccessGrain>(GrainKeys.Access);
        Assert.Null(await access.Read(0));
        Assert.Equal(AccessOutcome.NotFound, await access.AddCredential(Credential("t", "c1")));
        Assert.Equal(AccessOutcome.Created, await access.PutTenant("t", disabled: false));
        Assert.Equal(AccessOutcome.Created, await access.AddCredential(Credential("t", "c1")));
        Assert.Equal(AccessOutcome.Created, await access.AddCredential(Credential("t", "c2")));
        Assert.Equal(AccessOutcome.NotFound, await access.RemoveCredential("other", "c1"));
        Assert.Equal(AccessOutcome.Changed, await access.RemoveCredential("t", "c1"));
        Assert.Equal(AccessOutcome.Changed, await access.PutTenant("t", disabled: true));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => access.AddCredential(Credential("t", "c2")));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => access.PutTenant("a/b", disabled: false));

        await silos.StopAllAsync();
        _ = await silos.AddAsync();
        access = silos.Grains.GetGrain<IAccessGrain>(GrainKeys.Access);
        AccessSnapshot kept = (await access.Read(-1))!;
        Assert.Equal(["c2"], kept.Credentials.Select(c => c.Id));
        Assert.Equal(CredentialRole.ModelOwner, kept.Credentials[0].Role);
        Assert.True(Assert.Single(kept.Tenants).Disabled);
        Assert.Null(await access.Read(kept.Version));
        Assert.Equal(AccessOutcome.Changed, await access.RemoveTenant("t"));
        Assert.Equal(AccessOutcome.NotFound, await access.RemoveTenant("t"));
        Assert.Empty((await access.Read(kept.Version))!.Credentials);
        _ = await Assert.ThrowsAnyAsync<Exception>(() => silos.Grains.GetGrain<IAccessGrain>("another").Read(0));
    }

    private static CredentialRecord Credential(string tenant, string id) =>
        new() { Tenant = tenant, Id = id, Sha256 = new string('0', 64), Role = CredentialRole.ModelOwner, Name = "", Created = DateTimeOffset.UnixEpoch };
}
