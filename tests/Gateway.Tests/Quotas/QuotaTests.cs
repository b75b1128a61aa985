using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Admin;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Gateway.Tests.Quotas;

public class QuotaTests(TestServer server)
{
    private static TestModel Test => TestModel.Shared;

    [Fact]
    public async Task A_tenant_is_refused_what_is_above_its_quotas_and_told_which_and_how_much()
    {
        using Rest rest = await Make("limited", new { models = 1, key_bytes = Test.KeyFile.Length, bootstraps_per_day = 4 });
        (await rest.Put("/v2/models/m/versions/1", Test.File)).Expect(HttpStatusCode.Created);
        (await rest.Put("/v2/models/m/versions/1", Test.File)).Expect(HttpStatusCode.OK);
        Refused(await rest.Put("/v2/models/m/versions/2", Test.File), HttpStatusCode.Forbidden, "models", 1, 1, 1);
        (await rest.UploadKeySet("k", Test.KeyFile)).Expect(HttpStatusCode.OK);
        var announcement = new { parameter_set = Test.Model.Parameters.Id, bytes = Test.KeyFile.Length, sha256 = new string('0', 64) };
        Refused(await rest.PutJson("/v2/keysets/k2", announcement), HttpStatusCode.Forbidden, "key_bytes", Test.KeyFile.Length, Test.KeyFile.Length, Test.KeyFile.Length);
        (await rest.Infer("m", "k", Test.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);
        Answer tomorrow = await rest.Infer("m", "k", Test.Encrypt(0, 0, 0, 0));
        Refused(tomorrow, HttpStatusCode.TooManyRequests, "bootstraps_per_day", 4, 4, 4);
        Assert.Equal(DateTime.UtcNow.Date.AddDays(1), tomorrow.Json.GetProperty("frees").GetDateTime());
        Assert.InRange(int.Parse(tomorrow.Headers["Retry-After"], null), 1, 86400);

        // A job's end is seen before its place is free again.
        JsonElement use = (await rest.Get("/v2/quotas")).Expect(HttpStatusCode.OK).Json;
        for (int i = 0; i < 500 && Use(use, "concurrent_jobs").Used != 0; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            use = (await rest.Get("/v2/quotas")).Expect(HttpStatusCode.OK).Json;
        }

        Assert.Equal((1, 1), Use(use, "models"));
        Assert.Equal((Test.KeyFile.Length, Test.KeyFile.Length), Use(use, "key_bytes"));
        Assert.Equal((4, 4), Use(use, "bootstraps_per_day"));
        Assert.Equal(0, Use(use, "concurrent_jobs").Used);
        Assert.Equal(1, (await server.Admin.Get("/v2/admin/tenants/limited")).Json.GetProperty("use").GetProperty("models").GetProperty("used").GetInt64());

        // What is deleted is free again; a quota that is raised counts at once.
        (await rest.Delete("/v2/models/m/versions/1")).Expect(HttpStatusCode.NoContent);
        (await rest.Put("/v2/models/m/versions/2", Test.File)).Expect(HttpStatusCode.Created);
        (await rest.Delete("/v2/keysets/k")).Expect(HttpStatusCode.NoContent);
        (await rest.PutJson("/v2/keysets/k2", announcement)).Expect(HttpStatusCode.Created);
        (await server.Admin.PutJson("/v2/admin/tenants/limited", new { quotas = new { models = -1 } })).Expect(HttpStatusCode.OK);
        (await rest.Put("/v2/models/m/versions/3", Test.File)).Expect(HttpStatusCode.Created);
        _ = (await server.Admin.PutJson("/v2/admin/tenants/limited", new { quotas = new { models = -2 } })).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Of_many_submits_at_once_exactly_as_many_are_accepted_as_the_quota_leaves()
    {
        using Rest rest = await Make("crowd", new { bootstraps_per_day = 12 });
        (await rest.Put("/v2/models/m/versions/1", Test.File)).Expect(HttpStatusCode.Created);
        (await rest.UploadKeySet("k", Test.KeyFile)).Expect(HttpStatusCode.OK);
        byte[] input = Test.Encrypt(0, 0, 0, 0);
        await using TestGateway second = await TestGateway.StartAsync(server);
        using var elsewhere = new Rest(second.Address, rest.ApiKey);
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? rest : elsewhere).Infer("m", "k", input)));
        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.Accepted));
        Assert.Equal(17, answers.Count(a => a.Status == HttpStatusCode.TooManyRequests && a.Code == "quota_exceeded"));
        Assert.Equal((12, 12), Use((await rest.Get("/v2/quotas")).Json, "bootstraps_per_day"));
    }

    [Fact]
    public async Task Unfinished_jobs_are_counted_until_they_end()
    {
        using Rest rest = await Make("busy", new { concurrent_jobs = 1 });
        (await rest.Put("/v2/models/m/versions/1", Test.File)).Expect(HttpStatusCode.Created);
        (await rest.UploadKeySet("k", Test.KeyFile)).Expect(HttpStatusCode.OK);

        // A reservation is what a submit begins with.
        ITenantGrain tenant = server.Services.GetRequiredService<IGrainFactory>().GetGrain<ITenantGrain>("busy");
        var held = new TenantItem(TenantItemKind.Job, "held") { Size = 4 };
        await tenant.Reserve(held);
        Answer refused = await rest.Infer("m", "k", Test.Encrypt(0, 0, 0, 0));
        Refused(refused, HttpStatusCode.TooManyRequests, "concurrent_jobs", 1, 1, 1);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        await tenant.Release(held);
        Answer done = (await rest.Infer("m", "k", Test.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"), ("Idempotency-Key", "same"))).Expect(HttpStatusCode.OK);
        Assert.NotEmpty(done.Body);

        // The job's end is noted beside its answer.
        while (Use((await rest.Get("/v2/quotas")).Json, "concurrent_jobs").Used != 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        (await rest.Infer("m", "k", Test.Encrypt(0, 0, 0, 0), ("Prefer", "wait=30"), ("Idempotency-Key", "same"))).Expect(HttpStatusCode.OK);
        Assert.Equal(4, Use((await rest.Get("/v2/quotas")).Json, "bootstraps_per_day").Used);
    }

    private static void Refused(Answer answer, HttpStatusCode status, string quota, long limit, long used, long requested)
    {
        JsonElement problem = answer.ExpectProblem(status, "quota_exceeded").Json;
        Assert.Equal(
            (quota, limit, used, requested),
            (problem.GetProperty("quota").GetString(), problem.GetProperty("limit").GetInt64(), problem.GetProperty("used").GetInt64(), problem.GetProperty("requested").GetInt64()));
    }

    private static (long Limit, long Used) Use(JsonElement quotas, string name) =>
        (quotas.GetProperty(name).GetProperty("limit") is { ValueKind: JsonValueKind.Number } limit ? limit.GetInt64() : -1, quotas.GetProperty(name).GetProperty("used").GetInt64());

    private async Task<Rest> Make(string tenant, object quotas)
    {
        (await server.Admin.PutJson($"/v2/admin/tenants/{tenant}", new { quotas })).Expect(HttpStatusCode.Created);
        return new Rest(server.Address, (await TenantTests.Issue(server.Admin, tenant, new { role = "model_owner" })).Key);
    }
}
