using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace BlindGrain.Client.Http;

/// <summary>
/// Sends requests with the API key, retries what is safe to repeat (every request here is idempotent by its verb, its offset or
/// its Idempotency-Key), and turns problem documents into exceptions.
/// </summary>
internal sealed class RestChannel(HttpClient http, string apiKey, ByteCounter counter)
{
    private const int Attempts = 5;

    /// <summary>A server that asks for patience is there and will answer: it is asked again for minutes.</summary>
    private const int PatientAttempts = 30;
    private const double LongestPause = 10_000;

    /// <summary>A server that asks for more patience than this, such as for a new day's quota, is not waited for.</summary>
    private static readonly TimeSpan s_longestPatience = TimeSpan.FromMinutes(5);

    /// <summary>The JSON of the REST surface.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Sends a request and reads its answer as JSON.</summary>
    public async Task<T> SendAsync<T>(Func<HttpRequestMessage> create, CancellationToken cancellation)
    {
        byte[] body = await SendAsync(create, cancellation).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BlindGrainException($"The server at {http.BaseAddress} does not answer as a BlindGrain gateway does: {e.Message}", e);
        }
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    public Task<byte[]> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellation) => RetryAsync(
        create,
        async response =>
        {
            using (response)
            {
                byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
                counter.AddReceived(body.Length);
                return body;
            }
        },
        cancellation);

    /// <summary>Sends a request and leaves its answer's body to be read; the caller disposes the answer.</summary>
    public Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> create, CancellationToken cancellation) => RetryAsync(create, Task.FromResult, cancellation);

    /// <summary>The pause before another attempt: it doubles, with jitter so that clients do not march in step.</summary>
    public static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        double own = 100 * (1 << Math.Min(attempt, 10)) * (0.75 + (Random.Shared.NextDouble() / 2));
        return TimeSpan.FromMilliseconds(Math.Min(Math.Max(own, asked?.TotalMilliseconds ?? 0), LongestPause));
    }

    /// <param name="create">Makes the request anew for each attempt.</param>
    /// <param name="read">Reads a successful answer; what breaks off meanwhile is tried again too.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BlindGrainException">The server refused, or did not answer after several attempts.</exception>
    private async Task<T> RetryAsync<T>(Func<HttpRequestMessage> create, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan? asked = null;
            try
            {
                using HttpRequestMessage request = create();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
                counter.AddSent(request.Content?.Headers.ContentLength ?? 0);
                HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return await read(response).ConfigureAwait(false);
                }

                asked = response.Headers.RetryAfter?.Delta;
                BlindGrainException problem = await ProblemOf(response, cancellation).ConfigureAwait(false);
                if (!IsTransient(response.StatusCode) || asked > s_longestPatience || attempt >= (response.StatusCode == HttpStatusCode.TooManyRequests ? PatientAttempts : Attempts))
                {
                    throw problem;
                }
            }
            catch (Exception e) when (IsBroken(e, cancellation))
            {
                if (attempt >= Attempts)
                {
                    throw new BlindGrainException($"The server at {http.BaseAddress} cannot be reached: {e.Message}", e);
                }
            }

            await Task.Delay(Pause(attempt, asked), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a request failed on its way: no connection, a connection cut, a time-out that is not the caller's.</summary>
    public static bool IsBroken(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests;

    private async Task<BlindGrainException> ProblemOf(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            counter.AddReceived(body.Length);
            try
            {
                using var problem = JsonDocument.Parse(body);
                return new BlindGrainException(
                    response.StatusCode,
                    problem.RootElement.GetProperty("code").GetString() ?? "unknown",
                    problem.RootElement.GetProperty("detail").GetString() ?? response.ReasonPhrase ?? "");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return new BlindGrainException(response.StatusCode, "unknown", $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}, without a problem document.");
            }
        }
    }
}
