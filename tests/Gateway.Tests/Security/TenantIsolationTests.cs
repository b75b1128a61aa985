using System.Net;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Security;

public class TenantIsolationTests(TestServer server)
{
    [Fact]
    public async Task What_another_tenant_has_is_as_unknown_as_what_nobody_has()
    {
        (await server.Alice.Put("/v2/models/private/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Alice.UploadKeySet("private", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        Answer done = (await server.Alice.Infer("private", "private", TestModel.Shared.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        string job = (await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").EnumerateArray().Last().GetString()!;
        Assert.NotEmpty(done.Body);
        string unknownJob = new('0', job.Length);
        string[] before = [.. server.Blobs("alice")];

        foreach ((string method, string path, string id) in new[]
        {
            ("GET", "/v2/models/{0}", "private"),
            ("GET", "/v2/models/{0}/ready", "private"),
            ("GET", "/v2/models/{0}/versions/1", "private"),
            ("GET", "/v2/models/{0}/versions/1/ready", "private"),
            ("GET", "/v2/models/{0}/versions/1/file", "private"),
            ("GET", "/v2/models/{0}/versions/1/circuit", "private"),
            ("DELETE", "/v2/models/{0}/versions/1", "private"),
            ("POST", "/v2/models/{0}/infer", "private"),
            ("POST", "/v2/models/{0}/versions/1/infer", "private"),
            ("GET", "/v2/keysets/{0}", "private"),
            ("PUT", "/v2/keysets/{0}/chunks?offset=0", "private"),
            ("POST", "/v2/keysets/{0}/commit", "private"),
            ("DELETE", "/v2/keysets/{0}", "private"),
            ("GET", "/v2/jobs/{0}", job),
            ("GET", "/v2/jobs/{0}/result", job),
            ("GET", "/v2/jobs/{0}/events", job),
            ("DELETE", "/v2/jobs/{0}", job),
        })
        {
            string unknown = id == job ? unknownJob : "unknown";
            Answer theirs = (await server.Bob.Send(new HttpMethod(method), path.Replace("{0}", id, StringComparison.Ordinal), null)).Expect(HttpStatusCode.NotFound);
            Answer nobodys = (await server.Bob.Send(new HttpMethod(method), path.Replace("{0}", unknown, StringComparison.Ordinal), null)).Expect(HttpStatusCode.NotFound);
            Assert.Equal(nobodys.Text.Replace(unknown, id, StringComparison.Ordinal), theirs.Text);
        }

        foreach (string list in new[] { "/v2/models", "/v2/keysets", "/v2/jobs" })
        {
            string text = (await server.Bob.Get(list)).Expect(HttpStatusCode.OK).Text;
            Assert.DoesNotContain("private", text, StringComparison.Ordinal);
            Assert.DoesNotContain(job, text, StringComparison.Ordinal);
        }

        Assert.Equal(before, server.Blobs("alice"));
    }

    [Fact]
    public async Task Two_tenants_have_the_same_names_to_themselves()
    {
        (await server.Bob.Put("/v2/models/same/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        _ = (await server.Alice.Get("/v2/models/same")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        (await server.Alice.Put("/v2/models/same/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Bob.Delete("/v2/models/same/versions/1")).Expect(HttpStatusCode.NoContent);
        _ = (await server.Alice.Get("/v2/models/same")).Expect(HttpStatusCode.OK);

        // A tenant's model cannot be run with another tenant's keys.
        (await server.Bob.UploadKeySet("bobs", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        _ = (await server.Alice.Infer("same", "bobs", TestModel.Shared.Encrypt(0, 0, 0, 0))).ExpectProblem(HttpStatusCode.NotFound, "key_set_not_found");
    }

    [Fact]
    public async Task One_tenants_idempotency_keys_are_not_anothers()
    {
        (await server.Alice.Put("/v2/models/keyed/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Bob.Put("/v2/models/keyed/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Alice.UploadKeySet("keyed", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        (await server.Bob.UploadKeySet("keyed", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        byte[] input = TestModel.Shared.Encrypt(0, 1, 0, 1);
        Answer a = (await server.Alice.Infer("keyed", "keyed", input, ("Idempotency-Key", "shared"))).Expect(HttpStatusCode.Accepted);
        Answer b = (await server.Bob.Infer("keyed", "keyed", input, ("Idempotency-Key", "shared"))).Expect(HttpStatusCode.Accepted);
        Assert.NotEqual(a.Json.GetProperty("id").GetString(), b.Json.GetProperty("id").GetString());
    }
}
