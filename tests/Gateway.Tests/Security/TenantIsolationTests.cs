using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Security;

public class TenantIsolationTests(TestServer server)
{
    /// <summary>Operations whose path names nothing that could be another's: they answer from what the caller's own tenant has, and are looked through for others' ids.</summary>
    private static readonly string[] s_own = ["list_models", "list_key_sets", "list_jobs", "get_quotas", "get_credential", "cluster_load"];

    /// <summary>Operations that make something: with another tenant's id they make the caller's own, and leave the other's alone.</summary>
    private static readonly string[] s_makes = ["upload_model", "create_model_upload", "create_key_set"];

    /// <summary>Operations that are open to everybody and answer all the same.</summary>
    private static readonly string[] s_open = ["server_metadata", "server_live", "server_ready"];

    [Fact]
    public async Task No_operation_of_the_document_tells_or_changes_anything_of_another_tenants()
    {
        (await server.Alice.Put("/v2/models/private/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Alice.UploadKeySet("private", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        (await server.Alice.PutJson("/v2/models/private/versions/2/upload", new { bytes = 60_000, sha256 = new string('0', 64) })).Expect(HttpStatusCode.Created);
        (await server.Alice.Put("/v2/models/private/versions/2/upload/chunks?offset=0", new byte[60_000])).Expect(HttpStatusCode.OK);
        Answer done = (await server.Alice.Infer("private", "private", TestModel.Shared.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        Assert.NotEmpty(done.Body);
        string job = (await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").EnumerateArray().Last().GetString()!;
        string[] before = [.. server.Blobs("alice")];
        JsonElement document = (await server.Nobody.Get("/openapi/v1.json")).Json;
        (string Method, string Path, string Operation)[] operations =
            [.. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), p.Name, o.Value.GetProperty("operationId").GetString()!)))];
        Assert.True(operations.Length > 25);
        foreach ((string method, string path, string operation) in operations)
        {
            string alices = Fill(path, "private", job), nobodys = Fill(path, "unknown", new string('0', job.Length));
            if (path.StartsWith("/v2/admin/", StringComparison.Ordinal))
            {
                // Bob administers nothing, not even his own tenant.
                _ = (await Send(method, alices)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
            }
            else if (s_makes.Contains(operation))
            {
                Assert.NotEqual(HttpStatusCode.OK, (await Send(method, alices)).Status);
            }
            else if (path.Contains('{', StringComparison.Ordinal))
            {
                Answer theirs = (await Send(method, alices)).Expect(HttpStatusCode.NotFound);
                Answer unknown = (await Send(method, nobodys)).Expect(HttpStatusCode.NotFound);
                Assert.Equal(unknown.Text.Replace("unknown", "private", StringComparison.Ordinal).Replace(new string('0', job.Length), job, StringComparison.Ordinal), theirs.Text);
            }
            else
            {
                Assert.True(
                    s_own.Contains(operation) || s_open.Contains(operation),
                    $"{method} {path} ({operation}) is new: say in this test whether it answers from what its caller's tenant has, or is open to everybody.");
                string text = (await Send(method, path)).Expect(HttpStatusCode.OK).Text;
                Assert.DoesNotContain("private", text, StringComparison.Ordinal);
                Assert.DoesNotContain("alice", text, StringComparison.Ordinal);
                Assert.DoesNotContain(job, text, StringComparison.Ordinal);
            }
        }

        Assert.Empty(s_own.Concat(s_makes).Concat(s_open).Except(operations.Select(o => o.Operation)));
        Assert.Equal(before, server.Blobs("alice"));
        (await server.Alice.Get($"/v2/jobs/{job}/result")).Expect(HttpStatusCode.OK);
        Assert.Equal(60_000, (await server.Alice.Get("/v2/models/private/versions/2/upload")).Expect(HttpStatusCode.OK).Json.GetProperty("received").GetInt64());
    }

    /// <summary>A path with ids in it. A parameter that is new must be given one here, so that its route is tried.</summary>
    private static string Fill(string path, string id, string job)
    {
        string filled = path
            .Replace("{id}", path.StartsWith("/v2/jobs/", StringComparison.Ordinal) ? job : id, StringComparison.Ordinal)
            .Replace("{model}", id, StringComparison.Ordinal)
            .Replace("{version}", path.Contains("/upload", StringComparison.Ordinal) ? "2" : "1", StringComparison.Ordinal)
            .Replace("{tenant}", "alice", StringComparison.Ordinal)
            .Replace("{credential}", "0123456789abcdef", StringComparison.Ordinal);
        Assert.False(filled.Contains('{', StringComparison.Ordinal), $"{path} has a parameter that this test does not know: fill it with an id of the other tenant's.");
        return filled + (path.EndsWith("/chunks", StringComparison.Ordinal) ? "?offset=0" : "");
    }

    private Task<Answer> Send(string method, string path)
    {
        // What wants JSON gets some: without it the route would not get as far as looking.
        HttpContent? body = path.StartsWith("/v2/admin/", StringComparison.Ordinal) && method is "PUT" or "POST" ? Rest.Text("{}", "application/json") : null;
        return server.Bob.Send(new HttpMethod(method), path, body);
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
