using System.Net;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Security;

public class AuthenticationTests(TestServer server)
{
    public static TheoryData<string, string> Routes { get; } = new()
    {
        { "GET", "/v2/models" },
        { "GET", "/v2/models/m" },
        { "GET", "/v2/models/m/ready" },
        { "GET", "/v2/models/m/versions/1" },
        { "GET", "/v2/models/m/versions/1/ready" },
        { "GET", "/v2/models/m/versions/1/file" },
        { "PUT", "/v2/models/m/versions/1" },
        { "DELETE", "/v2/models/m/versions/1" },
        { "PUT", "/v2/models/m/versions/1/upload" },
        { "GET", "/v2/models/m/versions/1/upload" },
        { "PUT", "/v2/models/m/versions/1/upload/chunks?offset=0" },
        { "POST", "/v2/models/m/versions/1/upload/commit" },
        { "DELETE", "/v2/models/m/versions/1/upload" },
        { "POST", "/v2/models/m/infer" },
        { "POST", "/v2/models/m/versions/1/infer" },
        { "GET", "/v2/keysets" },
        { "PUT", "/v2/keysets/k" },
        { "GET", "/v2/keysets/k" },
        { "PUT", "/v2/keysets/k/chunks?offset=0" },
        { "POST", "/v2/keysets/k/direct" },
        { "POST", "/v2/keysets/k/commit" },
        { "DELETE", "/v2/keysets/k" },
        { "GET", "/v2/jobs" },
        { "GET", "/v2/jobs/j" },
        { "GET", "/v2/jobs/j/result" },
        { "GET", "/v2/jobs/j/events" },
        { "DELETE", "/v2/jobs/j" },
        { "GET", "/v2/quotas" },
        { "GET", "/v2/credential" },
        { "GET", "/v2/admin/tenants" },
        { "PUT", "/v2/admin/tenants/t" },
        { "GET", "/v2/admin/tenants/t" },
        { "DELETE", "/v2/admin/tenants/t" },
        { "GET", "/v2/admin/tenants/t/credentials" },
        { "POST", "/v2/admin/tenants/t/credentials" },
        { "DELETE", "/v2/admin/tenants/t/credentials/c" },
        { "GET", "/v2/nothing" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_is_told(string method, string path)
    {
        Answer missing = await server.Nobody.Send(new HttpMethod(method), path, null);
        Assert.Equal("Bearer", missing.ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized").Headers["WWW-Authenticate"]);
        using var stranger = new Rest(server.Address, ApiKey.Generate());
        _ = (await stranger.Send(new HttpMethod(method), path, null)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_large_body_without_a_key_is_refused_with_a_problem_document()
    {
        _ = (await server.Nobody.Put("/v2/models/m/versions/1", new byte[4 << 20])).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Almost_right_keys_are_wrong()
    {
        string key = server.AliceKey;
        foreach (string wrong in new[] { key[..^1], key + "A", key.ToUpperInvariant(), ApiKey.Hash(key), "bg_", " " })
        {
            using var rest = new Rest(server.Address, null);
            _ = (await rest.Get("/v2/models", ("X-API-Key", wrong))).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
            _ = (await rest.Get("/v2/models", ("Authorization", $"Basic {wrong}"))).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task The_key_is_taken_from_either_header()
    {
        _ = (await server.Nobody.Get("/v2/models", ("X-API-Key", server.AliceKey))).Expect(HttpStatusCode.OK);
        _ = (await server.Nobody.Get("/v2/models", ("Authorization", $"bearer {server.AliceKey}"))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_and_server_metadata_need_no_key()
    {
        Assert.True((await server.Nobody.Get("/v2/health/live")).Expect(HttpStatusCode.OK).Json.GetProperty("live").GetBoolean());
        Assert.True((await server.Nobody.Get("/v2/health/ready")).Expect(HttpStatusCode.OK).Json.GetProperty("ready").GetBoolean());
        Assert.Equal("blindgrain", (await server.Nobody.Get("/v2")).Expect(HttpStatusCode.OK).Json.GetProperty("name").GetString());
    }

    [Fact]
    public void Keys_are_long_random_and_recognizable()
    {
        string key = ApiKey.Generate();
        Assert.Matches("^bg_[A-Za-z0-9_-]{43}$", key);
        Assert.NotEqual(key, ApiKey.Generate());
        Assert.Matches("^[0-9a-f]{64}$", ApiKey.Hash(key));
    }
}
