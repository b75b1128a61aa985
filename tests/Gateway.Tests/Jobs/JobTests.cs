using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlindGrain.Gateway.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlindGrain.Gateway.Tests.Jobs;

public sealed partial class JobTests(TestServer server) : IAsyncLifetime
{
    private const int Wide = 48;

    private static TestModel Test => TestModel.Shared;

    public async ValueTask InitializeAsync()
    {
        Assert.True((await server.Alice.Put("/v2/models/jobs/versions/1", Test.File)).Status is HttpStatusCode.Created or HttpStatusCode.OK);
        Assert.True((await server.Alice.Put("/v2/models/wide/versions/1", TestModel.FileOf(Wide))).Status is HttpStatusCode.Created or HttpStatusCode.OK);
        if ((await server.Alice.Get("/v2/keysets/jobs")).Status != HttpStatusCode.OK)
        {
            _ = (await server.Alice.UploadKeySet("jobs", Test.KeyFile)).Expect(HttpStatusCode.OK);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_finished_job_tells_what_was_done_and_where()
    {
        string job = await Finished();
        Answer state = (await server.Alice.Get($"/v2/jobs/{job}")).Expect(HttpStatusCode.OK);
        Assert.Equal("succeeded", state.Json.GetProperty("phase").GetString());
        Assert.Equal("jobs", state.Json.GetProperty("model_name").GetString());
        Assert.Equal(4, state.Json.GetProperty("progress").GetProperty("bootstraps_done").GetInt32());
        Assert.Equal(4, state.Json.GetProperty("progress").GetProperty("bootstraps_total").GetInt32());
        Assert.Equal(3, state.Json.GetProperty("progress").GetProperty("steps_done").GetInt32());
        Assert.True(Assert.Single(state.Json.GetProperty("slices_by_silo").EnumerateObject()).Value.GetInt32() > 0);
        Assert.Equal(state.Text, (await server.Alice.Delete($"/v2/jobs/{job}")).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task A_result_has_a_tag_and_is_served_in_ranges()
    {
        string path = $"/v2/jobs/{await Finished()}/result";
        Answer whole = (await server.Alice.Get(path)).Expect(HttpStatusCode.OK);
        Assert.Equal("application/octet-stream", whole.Headers["Content-Type"]);
        Assert.Equal(Test.Clear(1, 0, 0, 0), Test.Decrypt(whole.Body));
        _ = (await server.Alice.Get(path, ("If-None-Match", whole.Headers["ETag"]))).Expect(HttpStatusCode.NotModified);
        Answer part = (await server.Alice.Get(path, ("Range", "bytes=100-199"))).Expect(HttpStatusCode.PartialContent);
        Assert.Equal(whole.Body[100..200], part.Body);
        _ = (await server.Alice.Get(path, ("Range", $"bytes={whole.Body.Length}-"))).Expect(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task A_gateway_that_stops_ends_what_waits_for_jobs()
    {
        await using var stopping = new TestServer();
        await stopping.InitializeAsync();
        (await stopping.Alice.Put("/v2/models/wide/versions/1", TestModel.FileOf(Wide))).Expect(HttpStatusCode.Created);
        (await stopping.Alice.UploadKeySet("jobs", Test.KeyFile)).Expect(HttpStatusCode.OK);

        // More work than is done before the server stops.
        byte[] input = TestModel.Input(Test.Key, Wide);
        Answer[] jobs = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => stopping.Alice.Infer("wide", "jobs", input)));
        string last = jobs[^1].Expect(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-API-Key", stopping.AliceKey);
        using HttpResponseMessage events = await http.GetAsync(new Uri(stopping.Address, $"/v2/jobs/{last}/events"), HttpCompletionOption.ResponseHeadersRead);
        Task<Answer> waiting = stopping.Alice.Infer("wide", "jobs", input, ("Prefer", "wait=30"));
        while ((await stopping.Alice.Get("/v2/jobs")).Json.GetProperty("jobs").GetArrayLength() <= jobs.Length)
        {
            await Task.Delay(5);
        }

        stopping.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        // Both end as they should: neither is cut off, and neither job is done.
        Assert.DoesNotContain("\"succeeded\"", await events.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await waiting).Expect(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Events_have_rising_ids_end_with_the_job_and_resume()
    {
        string job = (await Submit("wide", TestModel.Input(Test.Key, Wide))).Json.GetProperty("id").GetString()!;
        Answer events = (await server.Alice.Get($"/v2/jobs/{job}/events")).Expect(HttpStatusCode.OK);
        Assert.StartsWith("text/event-stream", events.Headers["Content-Type"], StringComparison.Ordinal);
        long[] ids = [.. EventId().Matches(events.Text).Select(m => long.Parse(m.Groups[1].ValueSpan, null))];
        Assert.True(ids.Length > 1);
        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.Contains("\"succeeded\"", events.Text[events.Text.LastIndexOf("data:", StringComparison.Ordinal)..], StringComparison.Ordinal);

        string resumed = (await server.Alice.Get($"/v2/jobs/{job}/events", ("Last-Event-ID", $"{ids[^2]}"))).Expect(HttpStatusCode.OK).Text;
        Assert.Equal(ids[^1], long.Parse(Assert.Single(EventId().Matches(resumed)).Groups[1].ValueSpan, null));
        Assert.Empty((await server.Alice.Get($"/v2/jobs/{job}/events", ("Last-Event-ID", $"{ids[^1]}"))).Expect(HttpStatusCode.NoContent).Body);
    }

    [Fact]
    public async Task A_stream_on_which_nothing_happens_sends_comments()
    {
        await using var quiet = new TestServer { Settings = new Dictionary<string, string?> { ["Gateway:EventHeartbeat"] = "00:00:01", ["Worker:RunningJobs"] = "1" } };
        await quiet.InitializeAsync();
        (await quiet.Alice.Put("/v2/models/wide/versions/1", TestModel.FileOf(Wide))).Expect(HttpStatusCode.Created);
        (await quiet.Alice.UploadKeySet("jobs", Test.KeyFile)).Expect(HttpStatusCode.OK);
        byte[] input = TestModel.Input(Test.Key, Wide);
        Answer[] jobs = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => quiet.Alice.Infer("wide", "jobs", input)));

        // Whichever comes last waits behind 39 others for longer than the streams' silence may be.
        string[] ids = [.. jobs.Select(j => j.Expect(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!)];
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-API-Key", quiet.AliceKey);
        Task<string>[] first = [.. ids.Select(id => FirstComment(http, new Uri(quiet.Address, $"/v2/jobs/{id}/events")))];
        Assert.Equal(":", await (await Task.WhenAny(first)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        // Ends when there is one, and never where the job ends before.
        static async Task<string> FirstComment(HttpClient http, Uri events)
        {
            using var reader = new StreamReader(await http.GetStreamAsync(events));
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(':'))
                {
                    return line;
                }
            }

            await Task.Delay(Timeout.Infinite);
            return "";
        }
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        _ = await Finished();
        _ = await Finished();
        JsonElement whole = (await server.Alice.Get("/v2/jobs")).Expect(HttpStatusCode.OK).Json;
        string[] all = [.. whole.GetProperty("jobs").EnumerateArray().Select(j => j.GetString()!)];
        var pages = new List<string>();
        string? after = null;
        do
        {
            JsonElement page = (await server.Alice.Get($"/v2/jobs?limit=1{(after is null ? "" : $"&after={after}")}")).Expect(HttpStatusCode.OK).Json;
            pages.Add(Assert.Single(page.GetProperty("jobs").EnumerateArray()).GetString()!);
            after = page.GetProperty("next").GetString();
        }
        while (after is not null && pages.Count < all.Length);
        Assert.Equal(all, pages.Take(all.Length));
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("next").ValueKind);

        JsonElement models = (await server.Alice.Get("/v2/models?limit=1")).Expect(HttpStatusCode.OK).Json;
        Assert.NotNull(models.GetProperty("next").GetString());
        _ = (await server.Alice.Get("/v2/keysets?limit=1")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v2/jobs?limit=0")]
    [InlineData("/v2/jobs?limit=1001")]
    [InlineData("/v2/models?limit=-1")]
    [InlineData("/v2/models?after=nobody/1")]
    [InlineData("/v2/keysets?limit=x")]
    [InlineData("/v2/keysets?after=nothing")]
    public async Task A_page_that_cannot_be_is_refused(string path) => (await server.Alice.Get(path)).ExpectProblem(HttpStatusCode.BadRequest, "invalid_request");

    [Fact]
    public async Task A_job_that_runs_has_no_result_yet_and_a_cancelled_one_never_will()
    {
        string job = (await Submit("wide", TestModel.Input(Test.Key, Wide))).Json.GetProperty("id").GetString()!;
        Answer early = (await server.Alice.Get($"/v2/jobs/{job}/result")).ExpectProblem(HttpStatusCode.Conflict, "job_not_finished");
        Assert.True(early.Headers.ContainsKey("Retry-After"));
        Assert.Equal("cancelled", (await server.Alice.Delete($"/v2/jobs/{job}")).Expect(HttpStatusCode.OK).Json.GetProperty("phase").GetString());
        _ = (await server.Alice.Get($"/v2/jobs/{job}/result")).ExpectProblem(HttpStatusCode.Conflict, "job_not_succeeded");
        Assert.Equal("cancelled", (await server.Alice.Get($"/v2/jobs/{job}")).Json.GetProperty("phase").GetString());
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("-")]
    [InlineData("%2E%2E%2Fx")]
    public async Task Unknown_jobs_are_not_found(string job)
    {
        _ = (await server.Alice.Get($"/v2/jobs/{job}")).ExpectProblem(HttpStatusCode.NotFound, "job_not_found");
        _ = (await server.Alice.Get($"/v2/jobs/{job}/result")).ExpectProblem(HttpStatusCode.NotFound, "job_not_found");
        _ = (await server.Alice.Get($"/v2/jobs/{job}/events")).ExpectProblem(HttpStatusCode.NotFound, "job_not_found");
        _ = (await server.Alice.Delete($"/v2/jobs/{job}")).ExpectProblem(HttpStatusCode.NotFound, "job_not_found");
    }

    [GeneratedRegex("^id: (\\d+)", RegexOptions.Multiline)]
    private static partial Regex EventId();

    private async Task<string> Finished()
    {
        string job = (await Submit("jobs", Test.Encrypt(1, 0, 0, 0))).Json.GetProperty("id").GetString()!;
        _ = (await server.Alice.Get($"/v2/jobs/{job}/events")).Expect(HttpStatusCode.OK);
        return job;
    }

    private async Task<Answer> Submit(string model, byte[] input) => (await server.Alice.Infer(model, "jobs", input)).Expect(HttpStatusCode.Accepted);
}
