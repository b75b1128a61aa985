using System.Net;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Gateway.Tests.Telemetry.Otlp;

namespace BlindGrain.Gateway.Tests.Telemetry;

public class ExportTests
{
    private static readonly HashSet<string> s_tags =
    [
        "blindgrain.job.id", "blindgrain.job.phase", "blindgrain.job.resumed", "blindgrain.silo", "blindgrain.step", "blindgrain.bootstraps", "blindgrain.key_set.hash", "blindgrain.model.hash",
        "blindgrain.layer.slices", "blindgrain.slice.first", "blindgrain.slice.outcome", "blindgrain.slice.computed_ms",
        "server.address", "server.port", "http.request.method", "http.request.method_original", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version", "user_agent.original", "error.type",
    ];

    [Fact]
    public async Task A_job_is_one_trace_from_the_request_to_its_slices_with_logs_and_metrics_beside_it()
    {
        await using TestCollector collector = await TestCollector.StartAsync();
        string trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        const string Caller = "00f067aa0ba902b7";
        string job;
        TestModel test = TestModel.Shared;
        await using (var server = new TestServer
        {
            Log = new RecordedLog(),
            Settings = new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=observed",
            },
        })
        {
            await server.InitializeAsync();
            (await server.Alice.Put("/v2/models/private/versions/1", test.File)).Expect(HttpStatusCode.Created);
            (await server.Alice.UploadKeySet("own-keys", test.KeyFile)).Expect(HttpStatusCode.OK);
            Answer done = await server.Alice.Infer("private", "own-keys", test.Encrypt(0, 1, 0, 1), ("Prefer", "wait=30"), ("traceparent", $"00-{trace}-{Caller}-01"), ("tracestate", "vendor=kept"));
            done.Expect(HttpStatusCode.OK);
            job = (await server.Alice.Get("/v2/jobs")).Json.GetProperty("jobs")[0].GetString()!;
            (await server.Nobody.Get("/v2/health/live")).Expect(HttpStatusCode.OK);

            // The stop waits for the job's run to end and sends what is left.
        }

        Span[] spans = [.. collector.Spans.Select(s => s.Span).Where(s => Hex(s.TraceId) == trace)];
        Span request = Assert.Single(spans, s => Hex(s.ParentSpanId) == Caller);
        Assert.Equal("POST /v2/models/{model}/infer", request.Name);
        Span walk = Assert.Single(spans, s => s.Name == "job");
        Assert.Equal(request.SpanId, walk.ParentSpanId);
        Assert.Equal(job, Tag(walk, "blindgrain.job.id").StringValue);
        Assert.Equal("succeeded", Tag(walk, "blindgrain.job.phase").StringValue);
        Assert.Equal(4, Tag(walk, "blindgrain.bootstraps").IntValue);
        Assert.Equal(walk.SpanId, Assert.Single(spans, s => s.Name == "job wait").ParentSpanId);
        Span[] layers = [.. spans.Where(s => s.Name.StartsWith("layer ", StringComparison.Ordinal)).OrderBy(s => s.StartTimeUnixNano)];
        Assert.Equal(["layer linear", "layer look-up", "layer linear"], layers.Select(l => l.Name));
        Assert.Equal([0, 1, 2], layers.Select(l => Tag(l, "blindgrain.step").IntValue));
        Assert.All(layers, l => Assert.Equal(walk.SpanId, l.ParentSpanId));
        Span[] slices = [.. spans.Where(s => s.Name == "slice")];
        Assert.NotEmpty(slices);
        Assert.Equal(slices.Length, Tag(layers[1], "blindgrain.layer.slices").IntValue);
        Assert.Equal(4, slices.Sum(s => Tag(s, "blindgrain.bootstraps").IntValue));
        Assert.All(slices, s =>
        {
            Assert.Equal(layers[1].SpanId, s.ParentSpanId);
            Assert.Equal("computed", Tag(s, "blindgrain.slice.outcome").StringValue);
            Assert.StartsWith(Tag(s, "blindgrain.key_set.hash").StringValue, TestModel.Sha256(test.KeyFile), StringComparison.Ordinal);
            Assert.StartsWith("127.0.0.1:", Tag(s, "blindgrain.silo").StringValue, StringComparison.Ordinal);
            Assert.True(Tag(s, "blindgrain.slice.computed_ms").DoubleValue > 0);
            Assert.True(s.EndTimeUnixNano > s.StartTimeUnixNano);
        });
        Assert.All(spans, s => Assert.Equal("vendor=kept", s.TraceState));

        // What a span says is on the list above, and none of it is a tenant's name for anything, nor a key.
        Assert.All(spans.SelectMany(s => s.Attributes), a => Assert.Contains(a.Key, s_tags));
        string all = string.Join('\n', collector.Spans.Select(s => s.Span.ToString()));
        Assert.All(new[] { "alice", "private", "own-keys", "bg_" }, word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Spans, s => s.Span.Name.Contains("health", StringComparison.Ordinal));

        LogRecord ended = Assert.Single(collector.Logs, l => Hex(l.TraceId) == trace && l.Attributes.Any(a => a.Key == "event.id" && a.Value.IntValue == 2006));
        Assert.Equal(walk.SpanId, ended.SpanId);
        Assert.Contains(job, ended.Body.StringValue, StringComparison.Ordinal);
        Assert.Contains("blindgrain.jobs", collector.Metrics);
        Assert.Contains("http.server.request.duration", collector.Metrics);
        Assert.All(collector.Headers, h => Assert.Equal("observed", h));
    }

    [Fact]
    public async Task A_signal_has_an_address_of_its_own_and_the_others_are_off()
    {
        await using TestCollector collector = await TestCollector.StartAsync();
        await using (var server = new TestServer
        {
            Settings = new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = new Uri(collector.Address, "/v1/traces").ToString(),
                ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = "named",
            },
        })
        {
            await server.InitializeAsync();
            (await server.Alice.Get("/v2/quotas")).Expect(HttpStatusCode.OK);
        }

        Assert.Contains(collector.Spans, s => s is { Service: "named", Span.Name: "GET /v2/quotas" });
        Assert.Empty(collector.Logs);
        Assert.Empty(collector.Metrics);
    }

    [Fact]
    public async Task Without_a_protocol_it_is_gRPC()
    {
        await using TestCollector collector = await TestCollector.StartAsync(grpc: true);
        await using (var server = new TestServer { Settings = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(), ["OTEL_LOGS_EXPORTER"] = "none" } })
        {
            await server.InitializeAsync();
            (await server.Alice.Get("/v2/quotas")).Expect(HttpStatusCode.OK);
        }

        Assert.Contains(collector.Spans, s => s is { Service: "blindgrain-silo", Span.Name: "GET /v2/quotas" });
        Assert.Contains("http.server.request.duration", collector.Metrics);
        Assert.Empty(collector.Logs);
    }

    private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static AnyValue Tag(Span span, string key) => Assert.Single(span.Attributes, a => a.Key == key).Value;
}
