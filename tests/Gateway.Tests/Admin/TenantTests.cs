using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Admin;

public class TenantTests(TestServer server)
{
    [Fact]
    public async Task A_tenant_is_made_works_is_disabled_and_deleted_with_all_it_has()
    {
        Rest admin = server.Admin;
        JsonElement made = (await admin.PutJson("/v2/admin/tenants/acme", new { })).Expect(HttpStatusCode.Created).Json;
        Assert.False(made.GetProperty("disabled").GetBoolean());
        _ = (await admin.PutJson("/v2/admin/tenants/acme", new { })).Expect(HttpStatusCode.OK);
        Assert.Contains("acme", Names((await admin.Get("/v2/admin/tenants")).Expect(HttpStatusCode.OK)));

        (string id, string key) = await Issue(admin, "acme", new { role = "model_owner", name = "their CI" });
        using var acme = new Rest(server.Address, key);
        (await acme.Put("/v2/models/m/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await acme.UploadKeySet("k", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        (await acme.Infer("m", "k", TestModel.Shared.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        Assert.NotEmpty(server.Blobs("acme"));

        _ = (await admin.Delete("/v2/admin/tenants/acme")).ExpectProblem(HttpStatusCode.Conflict, "tenant_active");
        (await admin.PutJson("/v2/admin/tenants/acme", new { disabled = true })).Expect(HttpStatusCode.OK);
        _ = (await acme.Get("/v2/models")).ExpectProblem(HttpStatusCode.Forbidden, "tenant_disabled");
        (await acme.Get("/v2/health/live")).Expect(HttpStatusCode.OK);
        (await admin.PutJson("/v2/admin/tenants/acme", new { disabled = false })).Expect(HttpStatusCode.OK);
        (await acme.Get("/v2/models")).Expect(HttpStatusCode.OK);
        (await admin.PutJson("/v2/admin/tenants/acme", new { disabled = true })).Expect(HttpStatusCode.OK);

        (await admin.Delete("/v2/admin/tenants/acme")).Expect(HttpStatusCode.NoContent);
        Assert.DoesNotContain(server.Blobs("acme"), File.Exists);
        _ = (await acme.Get("/v2/models")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        _ = (await admin.Get("/v2/admin/tenants/acme")).ExpectProblem(HttpStatusCode.NotFound, "tenant_not_found");
        _ = (await admin.Delete("/v2/admin/tenants/acme")).ExpectProblem(HttpStatusCode.NotFound, "tenant_not_found");
        _ = (await admin.Delete($"/v2/admin/tenants/acme/credentials/{id}")).ExpectProblem(HttpStatusCode.NotFound, "credential_not_found");

        // One of the same name begins with nothing.
        (await admin.PutJson("/v2/admin/tenants/acme", new { })).Expect(HttpStatusCode.Created);
        using var next = new Rest(server.Address, (await Issue(admin, "acme", new { })).Key);
        Assert.Empty((await next.Get("/v2/models")).Expect(HttpStatusCode.OK).Json.GetProperty("models").EnumerateArray());
    }

    [Fact]
    public async Task A_key_is_shown_once_works_at_once_and_ends_when_it_is_revoked_or_its_time_is_over()
    {
        Rest admin = server.Admin;
        (await admin.PutJson("/v2/admin/tenants/keys", new { })).Expect(HttpStatusCode.Created);
        (string id, string key) = await Issue(admin, "keys", new { name = "first" });
        Assert.Matches($"^bg_{id}\\.[A-Za-z0-9_-]{{43}}$", key);
        using var rest = new Rest(server.Address, key);
        JsonElement caller = (await rest.Get("/v2/credential")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("keys", id, "client"), (caller.GetProperty("tenant").GetString(), caller.GetProperty("credential").GetString(), caller.GetProperty("role").GetString()));

        Answer list = (await admin.Get("/v2/admin/tenants/keys/credentials")).Expect(HttpStatusCode.OK);
        Assert.Equal("first", Assert.Single(list.Json.GetProperty("credentials").EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], list.Text, StringComparison.Ordinal);

        // The id is no secret: with another secret behind it, it is worth nothing.
        using var forged = new Rest(server.Address, key[..^1] + (key[^1] == 'A' ? 'B' : 'A'));
        _ = (await forged.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");

        DateTimeOffset soon = DateTimeOffset.UtcNow.AddSeconds(2);
        using var brief = new Rest(server.Address, (await Issue(admin, "keys", new { expires = soon })).Key);
        while ((await brief.Get("/v2/credential")).Status == HttpStatusCode.OK)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.True(DateTimeOffset.UtcNow >= soon);
        (await admin.Delete($"/v2/admin/tenants/keys/credentials/{id}")).Expect(HttpStatusCode.NoContent);
        _ = (await rest.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");

        _ = (await admin.PostJson("/v2/admin/tenants/keys/credentials", new { role = "root" })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await admin.PostJson("/v2/admin/tenants/keys/credentials", new { expires = DateTimeOffset.UtcNow.AddDays(-1) })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await admin.PostJson("/v2/admin/tenants/keys/credentials", new { name = new string('x', 201) })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
        _ = (await admin.PostJson("/v2/admin/tenants/nobody/credentials", new { })).ExpectProblem(HttpStatusCode.NotFound, "tenant_not_found");
        _ = (await admin.PutJson("/v2/admin/tenants/a%2Fb", new { })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_id");
    }

    [Fact]
    public async Task An_administrator_cannot_lock_itself_out_or_delete_a_tenant_that_settings_would_make_anew()
    {
        _ = (await server.Admin.PutJson("/v2/admin/tenants/operators", new { disabled = true })).ExpectProblem(HttpStatusCode.Conflict, "tenant_active");
        _ = await server.Admin.PutJson("/v2/admin/tenants/spare", new { disabled = true });
        _ = (await server.Admin.Get("/v2/models")).Expect(HttpStatusCode.OK);
        _ = (await server.Admin.Delete("/v2/admin/tenants/spare")).ExpectProblem(HttpStatusCode.Conflict, "tenant_active");
        _ = (await server.Admin.PutJson("/v2/admin/tenants/spare", new { })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_gateway_of_the_cluster_knows_a_new_key_at_once_and_forgets_a_revoked_one_in_time()
    {
        Rest admin = server.Admin;
        (await admin.PutJson("/v2/admin/tenants/both", new { })).Expect(HttpStatusCode.Created);
        await using TestGateway second = await TestGateway.StartAsync(server);
        (string id, string key) = await Issue(admin, "both", new { });
        using var elsewhere = new Rest(second.Address, key);
        (await elsewhere.Get("/v2/credential")).Expect(HttpStatusCode.OK);
        (await admin.Delete($"/v2/admin/tenants/both/credentials/{id}")).Expect(HttpStatusCode.NoContent);
        while ((await elsewhere.Get("/v2/credential")).Status == HttpStatusCode.OK)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    internal static async Task<(string Id, string Key)> Issue(Rest admin, string tenant, object settings)
    {
        Answer issued = (await admin.PostJson($"/v2/admin/tenants/{tenant}/credentials", settings)).Expect(HttpStatusCode.Created);
        Assert.Equal("no-store", issued.Headers["Cache-Control"]);
        return (issued.Json.GetProperty("id").GetString()!, issued.Json.GetProperty("key").GetString()!);
    }

    private static string?[] Names(Answer list) => [.. list.Json.GetProperty("tenants").EnumerateArray().Select(t => t.GetProperty("tenant").GetString())];
}
