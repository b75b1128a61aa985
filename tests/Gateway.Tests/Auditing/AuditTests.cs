using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Admin;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Auditing;

public class AuditTests
{
    [Fact]
    public async Task What_changes_something_or_is_denied_is_noted_with_who_what_and_how_and_without_secrets()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("blindgrain-audit-").FullName, "audit.jsonl");
        var log = new RecordedLog();
        await using var server = new TestServer { Settings = new Dictionary<string, string?> { ["Gateway:Audit:File"] = file }, Log = log };
        await server.InitializeAsync();
        (await server.Admin.PutJson("/v2/admin/tenants/audited", new { })).Expect(HttpStatusCode.Created);
        (string id, string key) = await TenantTests.Issue(server.Admin, "audited", new { role = "model_owner", name = "secret-name" });
        using var rest = new Rest(server.Address, key);
        (await rest.Put("/v2/models/m/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await rest.UploadKeySet("k", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        Answer job = (await rest.Infer("m", "k", TestModel.Shared.Encrypt(0, 0, 0, 0), ("Idempotency-Key", "secret-key"))).Expect(HttpStatusCode.Accepted);
        (await rest.Get("/v2/models?after=m/1&secret=query")).Expect(HttpStatusCode.OK);
        _ = (await rest.Get("/v2/admin/tenants")).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        using var stranger = new Rest(server.Address, "bg_secret-guess");
        _ = (await stranger.Get("/v2/models/forged%0aline")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        _ = (await rest.Delete("/v2/models/none/versions/1")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");

        // The event is written behind the answer.
        await Wait(() => log.Of("BlindGrain.Audit").Length >= 9 && File.ReadAllLines(file).Length >= 9);
        (string?, string?, string?, string?, int, string?)[] events = [.. File.ReadAllLines(file).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).Select(e =>
            (Text(e, "tenant"), Text(e, "action"), Text(e, "subject"), Text(e, "outcome"), e.GetProperty("status").GetInt32(), Text(e, "code")))];
        Assert.Equal(
            [
                ("operators", "put_tenant", "audited", "done", 201, null),
                ("operators", "issue_credential", $"audited/{id}", "done", 201, null),
                ("audited", "upload_model", "m/1", "done", 201, null),
                ("audited", "create_key_set", "k", "done", 201, null),
                ("audited", "commit_key_set", "k", "done", 200, null),
                ("audited", "infer", $"m/{job.Json.GetProperty("id").GetString()}", "done", 202, null),
                ("audited", "list_tenants", "", "denied", 403, "forbidden"),
                (null, "model_metadata", "forged?line", "denied", 401, "unauthorized"),
                ("audited", "delete_model", "none/1", "failed", 404, "model_not_found"),
            ],
            events);
        JsonElement first = JsonSerializer.Deserialize<JsonElement>(File.ReadAllLines(file)[2]);
        Assert.Equal((id, "127.0.0.1"), (Text(first, "credential"), Text(first, "address")));
        Assert.InRange(first.GetProperty("time").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow);
        Assert.All(log.Of("BlindGrain.Audit"), e => Assert.InRange(e.Id, 2101, 2103));

        string everything = File.ReadAllText(file) + string.Join('\n', log.All.Select(e => e.Text));
        Assert.Contains("upload_model", everything, StringComparison.Ordinal);
        foreach (string secret in new[] { key, key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], server.AliceKey, "secret-name", "secret-key", "secret-guess", "secret=query", BlindGrain.Gateway.Security.ApiKey.Hash(key) })
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        // It can be moved away, as those who rotate logs do; what cannot be written does not stop the service.
        File.Move(file, file + ".1");
        (await rest.Delete("/v2/models/m/versions/1")).Expect(HttpStatusCode.NoContent);
        await Wait(() => File.Exists(file) && File.ReadAllText(file).Contains("delete_model", StringComparison.Ordinal));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        (await rest.Delete("/v2/keysets/k")).Expect(HttpStatusCode.NoContent);
        await Wait(() => log.Of("BlindGrain.Audit").Any(e => e.Id == 2104));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static async Task Wait(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
