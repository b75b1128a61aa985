using System.Globalization;
using System.Text.Json;
using BlindGrain.Grains.Interfaces;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace BlindGrain.Gateway.Jobs;

/// <summary>
/// A job's states as server-sent events, one after each change until it has ended. Between them a comment goes out now and then: what sits in between closes connections on which nothing
/// moves, and a sender notices a peer that is gone only by writing. (The framework's own events have no comments.)
/// </summary>
internal sealed class JobEventStream(IInferenceJobGrain grain, JobStatus status, long seen, TimeSpan interval, TimeSpan heartbeat) : IResult
{
    /// <summary>Progress is told often at first, for short jobs, then ever less.</summary>
    private const double PauseGrowth = 1.5;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        CancellationToken cancellation = httpContext.RequestAborted;
        IHostApplicationLifetime host = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        JsonSerializerOptions json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        HttpResponse response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        JobStatus last = status;
        long sent = seen, written = Environment.TickCount64;
        TimeSpan pause = s_firstPause;
        await response.StartAsync(cancellation);
        while (true)
        {
            string? text = last.Revision > sent
                ? string.Create(CultureInfo.InvariantCulture, $"event: status\nid: {last.Revision}\ndata: {JsonSerializer.Serialize(JobDocument.From(last), json)}\n\n")
                : Environment.TickCount64 - written >= heartbeat.TotalMilliseconds ? ":\n\n" : null;
            if (text is not null)
            {
                await response.WriteAsync(text, cancellation);
                await response.Body.FlushAsync(cancellation);
                (sent, written) = (Math.Max(sent, last.Revision), Environment.TickCount64);
            }

            if (JobDocument.HasEnded(last.Phase) || await JobReader.Watch(grain, last, pause, host, cancellation) is not { } present)
            {
                return;
            }

            last = present;
            pause = pause * PauseGrowth < interval ? pause * PauseGrowth : interval;
        }
    }
}
