using System.Collections.Concurrent;
using BlindGrain.Gateway.Tests.Telemetry.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Gateway.Tests.Telemetry;

/// <summary>A collector as OpenTelemetry's is seen by who exports: OTLP over HTTP or gRPC on a free loopback port.</summary>
internal sealed class TestCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Service, Span Span)> _spans = new();
    private readonly ConcurrentQueue<LogRecord> _logs = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private readonly ConcurrentQueue<string> _headers = new();
    private readonly WebApplication _app;

    private TestCollector(bool grpc)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _app = builder.Build();
        Map("traces", "trace.v1.TraceService", TraceRequest.Parser, r =>
        {
            foreach (ResourceSpans resource in r.ResourceSpans)
            {
                string service = resource.Resource.Attributes.Single(a => a.Key == "service.name").Value.StringValue;
                foreach (Span span in resource.ScopeSpans.SelectMany(s => s.Spans))
                {
                    _spans.Enqueue((service, span));
                }
            }
        });
        Map("logs", "logs.v1.LogsService", LogsRequest.Parser, r =>
        {
            foreach (LogRecord record in r.ResourceLogs.SelectMany(l => l.ScopeLogs).SelectMany(l => l.LogRecords))
            {
                _logs.Enqueue(record);
            }
        });
        Map("metrics", "metrics.v1.MetricsService", MetricsRequest.Parser, r =>
        {
            foreach (Metric metric in r.ResourceMetrics.SelectMany(m => m.ScopeMetrics).SelectMany(m => m.Metrics))
            {
                _metrics.Enqueue(metric.Name);
            }
        });
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyCollection<LogRecord> Logs => _logs;

    public IReadOnlyCollection<string> Metrics => _metrics;

    /// <summary>What the header "x-tenant" had, of each export.</summary>
    public IReadOnlyCollection<string> Headers => _headers;

    public IEnumerable<(string Service, Span Span)> Spans => _spans;

    public static async Task<TestCollector> StartAsync(bool grpc = false)
    {
        var collector = new TestCollector(grpc);
        await collector._app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Map<T>(string signal, string service, MessageParser<T> parser, Action<T> take)
        where T : IMessage<T>
    {
        _ = _app.MapPost($"/v1/{signal}", async (HttpContext context) => take(parser.ParseFrom(await Receive(context))));
        _ = _app.MapPost($"/opentelemetry.proto.collector.{service}/Export", async (HttpContext context) =>
        {
            // One message behind a byte and a length; the answer is an empty one.
            take(parser.ParseFrom((await Receive(context)).AsSpan(5).ToArray()));
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
    }

    private async Task<byte[]> Receive(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _headers.Enqueue(context.Request.Headers["x-tenant"].ToString());
        return body.ToArray();
    }
}
