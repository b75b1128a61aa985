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

    /// <summary>The JSON of the REST surface.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Sends a request and reads its answer as JSON.</summary>
    public async Task<T> SendAsync<T>(Func<HttpRequestMessage> create, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(create, cancellation).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a successful answer as JSON.</summary>
    public async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        counter.AddReceived(body.Length);
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BlindGrainException($"The server at {http.BaseAddress} does not answer as a BlindGrain gateway does: {e.Message}", e);
        }
    }

    /// <summary>Sends a request; the caller disposes the answer.</summary>
    /// <param name="create">Makes the request anew for each attempt.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BlindGrainException">The server refused, or did not answer after several attempts.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                using HttpRequestMessage request = create();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
                long length = request.Content?.Headers.ContentLength ?? 0;
                response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
                counter.AddSent(length);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                if (!IsTransient(response.StatusCode) || attempt == Attempts)
                {
                    throw await ProblemOf(response, cancellation).ConfigureAwait(false);
                }
            }
            catch (HttpRequestException e) when (attempt == Attempts)
            {
                throw new BlindGrainException($"The server at {http.BaseAddress} cannot be reached: {e.Message}", e);
            }
            catch (HttpRequestException)
            {
                // Tried again below.
            }

            TimeSpan wait = response?.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(100 * (1 << attempt));
            response?.Dispose();
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
        }
    }

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
