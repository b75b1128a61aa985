using System.Net;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Tests.Admin;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Gateway.Tests.Security;

public class RoleTests(TestServer server)
{
    [Fact]
    public void Every_route_says_which_role_it_asks_for_or_that_it_is_open()
    {
        RouteEndpoint[] routes = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        Assert.NotEmpty(routes);
        Assert.Empty(routes.Where(r => r.Metadata.GetMetadata<RequiredRole>() is null && r.Metadata.GetMetadata<IAllowAnonymous>() is null).Select(r => r.RoutePattern.RawText));
        Assert.All(
            routes.Where(r => r.RoutePattern.RawText!.StartsWith("/v2/admin", StringComparison.Ordinal)),
            r => Assert.Equal(CredentialRole.Admin, r.Metadata.GetMetadata<RequiredRole>()!.Role));
    }

    [Fact]
    public async Task Each_role_may_do_what_those_below_it_may_and_is_told_what_more_takes()
    {
        (await server.Admin.PutJson("/v2/admin/tenants/roles", new { })).Expect(HttpStatusCode.Created);
        var rest = new Dictionary<string, Rest>();
        foreach (string role in new[] { "client", "model_owner", "admin" })
        {
            rest[role] = new Rest(server.Address, (await TenantTests.Issue(server.Admin, "roles", new { role })).Key);
            (await rest[role].Get("/v2/models")).Expect(HttpStatusCode.OK);
        }

        Answer upload = (await rest["client"].Put("/v2/models/m/versions/1", TestModel.Shared.File)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("model_owner", upload.Json.GetProperty("required_role").GetString());
        Assert.Contains("model_owner", upload.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await rest["model_owner"].Put("/v2/models/m/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        _ = (await rest["client"].Delete("/v2/models/m/versions/1")).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        (await rest["admin"].Delete("/v2/models/m/versions/1")).Expect(HttpStatusCode.NoContent);
        foreach (string role in new[] { "client", "model_owner" })
        {
            Answer denied = (await rest[role].Get("/v2/admin/tenants")).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
            Assert.Equal("admin", denied.Json.GetProperty("required_role").GetString());
            _ = (await rest[role].PostJson("/v2/admin/tenants/roles/credentials", new { role = "admin" })).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        (await rest["admin"].Get("/v2/admin/tenants")).Expect(HttpStatusCode.OK);
        foreach (Rest client in rest.Values)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_key_of_the_settings_has_the_role_that_they_give_it()
    {
        foreach ((Rest rest, string role) in new[] { (server.Alice, "model_owner"), (server.Admin, "admin") })
        {
            Assert.Equal(role, (await rest.Get("/v2/credential")).Expect(HttpStatusCode.OK).Json.GetProperty("role").GetString());
        }
    }
}
