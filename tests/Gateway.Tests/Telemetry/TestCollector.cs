using System.Collections.Concurrent;
using BlindGrain.Gateway.Tests.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Gateway.Tests.Telemetry;

/// <summary>A collector as OpenTelemetry's is seen by who exports: OTLP over HTTP on a free loopback port.</summary>
internal sealed class TestCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Service, Span Span)> _spans = new();
    private readonly ConcurrentQueue<LogRecord> _logs = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private readonly ConcurrentQueue<string> _headers = new();
    private readonly WebApplication _app;

    private TestCollector()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _app = builder.Build();
        _ = _app.MapPost("/v1/traces", (HttpContext context) => Receive(context, TraceRequest.Parser, r =>
        {
            foreach (ResourceSpans resource in r.ResourceSpans)
            {
                string service = resource.Resource.Attributes.Single(a => a.Key == "service.name").Value.StringValue;
                foreach (Span span in resource.ScopeSpans.SelectMany(s => s.Spans))
                {
                    _spans.Enqueue((service, span));
                }
            }
        }));
        _ = _app.MapPost("/v1/logs", (HttpContext context) => Receive(context, LogsRequest.Parser, r =>
        {
            foreach (LogRecord record in r.ResourceLogs.SelectMany(l => l.ScopeLogs).SelectMany(l => l.LogRecords))
            {
                _logs.Enqueue(record);
            }
        }));
        _ = _app.MapPost("/v1/metrics", (HttpContext context) => Receive(context, MetricsRequest.Parser, r =>
        {
            foreach (Metric metric in r.ResourceMetrics.SelectMany(m => m.ScopeMetrics).SelectMany(m => m.Metrics))
            {
                _metrics.Enqueue(metric.Name);
            }
        }));
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyCollection<LogRecord> Logs => _logs;

    public IReadOnlyCollection<string> Metrics => _metrics;

    /// <summary>What the header "x-tenant" had, of each export.</summary>
    public IReadOnlyCollection<string> Headers => _headers;

    public IEnumerable<(string Service, Span Span)> Spans => _spans;

    public static async Task<TestCollector> StartAsync()
    {
        var collector = new TestCollector();
        await collector._app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task Receive<T>(HttpContext context, Google.Protobuf.MessageParser<T> parser, Action<T> take)
        where T : Google.Protobuf.IMessage<T>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _headers.Enqueue(context.Request.Headers["x-tenant"].ToString());
        take(parser.ParseFrom(body.ToArray()));
    }
}
