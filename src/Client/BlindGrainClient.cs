using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using BlindGrain.Client.Http;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Client;

/// <summary>
/// Calls a BlindGrain gateway. It sends ciphertexts and evaluation keys, never secret keys or clear data. Thread-safe.
/// Every call throws <see cref="BlindGrainException"/> where the server refuses or cannot be reached.
/// </summary>
public sealed class BlindGrainClient : IDisposable
{
    private static readonly TimeSpan s_awayAtMost = TimeSpan.FromMinutes(1);
    private static readonly MediaTypeHeaderValue s_binary = new("application/octet-stream");
    private readonly HttpClient _http;
    private readonly ByteCounter _counter = new();
    private readonly RestChannel _channel;

    /// <summary>Connects lazily to a gateway.</summary>
    /// <param name="server">The gateway's address, such as http://127.0.0.1:8080.</param>
    /// <param name="apiKey">The API key.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https URI, or the key is empty.</exception>
    public BlindGrainClient(Uri server, string apiKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        _http = NewHttpClient(server);
        _channel = new RestChannel(_http, apiKey, _counter);
    }

    /// <summary>Bytes of request bodies sent so far.</summary>
    public long BytesSent => _counter.Sent;

    /// <summary>Bytes of response bodies received so far.</summary>
    public long BytesReceived => _counter.Received;

    /// <summary>Uploads a compiled model as an immutable version; the same file again changes nothing.</summary>
    public async Task<ModelMetadata> PushModelAsync(string model, string version, byte[] file, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var stream = new MemoryStream(file, writable: false);
        return await PushModelAsync(model, version, stream, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Uploads a compiled model as an immutable version; the same file again changes nothing. One that does not fit a single chunk of 4 MiB goes in chunks, and resumes where an earlier push of the
    /// same file was cut. An unfinished push of another file as this version is given up for this one.
    /// </summary>
    /// <param name="model">The model's id.</param>
    /// <param name="version">The version's id.</param>
    /// <param name="file">The <c>.bgc</c> file; seekable.</param>
    /// <param name="progress">Told the bytes that the server has.</param>
    /// <param name="cancellation">Stops it; a later call goes on.</param>
    public async Task<ModelMetadata> PushModelAsync(string model, string version, Stream file, IProgress<long>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        string route = $"/v2/models/{Segment(model)}/versions/{Segment(version)}";
        file.Position = 0;
        if (file.Length <= ChunkedUpload.ChunkBytes)
        {
            var whole = new byte[file.Length];
            await file.ReadExactlyAsync(whole, cancellation).ConfigureAwait(false);
            ModelMetadata pushed = await _channel.SendAsync<ModelMetadata>(() => new HttpRequestMessage(HttpMethod.Put, Path(route)) { Content = Binary(whole) }, cancellation).ConfigureAwait(false);
            progress?.Report(whole.Length);
            return pushed;
        }

        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
        var upload = new ChunkedUpload(_channel, $"{route}/upload", new { Bytes = file.Length, Sha256 = sha256 });
        UploadState state;
        try
        {
            state = await upload.AnnounceAsync(cancellation).ConfigureAwait(false);
        }
        catch (BlindGrainException e) when (e.Code == "model_upload_exists")
        {
            // The last one who pushes is meant; nothing is a version before it is committed.
            await DeleteAsync($"{route}/upload", cancellation).ConfigureAwait(false);
            state = await upload.AnnounceAsync(cancellation).ConfigureAwait(false);
        }

        _ = await upload.SendAsync(state, file, progress, cancellation).ConfigureAwait(false);
        ModelMetadata metadata = await _channel.SendAsync<ModelMetadata>(() => new HttpRequestMessage(HttpMethod.Post, Path($"{route}/upload/commit")), cancellation).ConfigureAwait(false);
        return metadata.Parameters.Sha256 == sha256
            ? metadata
            : throw new BlindGrainException(HttpStatusCode.Conflict, "model_version_exists", $"Version '{version}' of model '{model}' was registered with other content while it was being uploaded.");
    }

    /// <summary>A model's metadata; the newest version where none is named.</summary>
    public Task<ModelMetadata> GetModelAsync(string model, string? version = null, CancellationToken cancellation = default) =>
        _channel.SendAsync<ModelMetadata>(() => new HttpRequestMessage(HttpMethod.Get, Path(version is null ? $"/v2/models/{Segment(model)}" : $"/v2/models/{Segment(model)}/versions/{Segment(version)}")), cancellation);

    /// <summary>Downloads a compiled model, which is what inputs are encrypted for.</summary>
    public async Task<CompiledModel> DownloadModelAsync(string model, string version, CancellationToken cancellation = default)
    {
        byte[] file = await _channel.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Path($"/v2/models/{Segment(model)}/versions/{Segment(version)}/file")), cancellation).ConfigureAwait(false);
        try
        {
            return CompiledModel.Read(new MemoryStream(file));
        }
        catch (FormatException e)
        {
            throw new BlindGrainException($"The server sent a model that cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The versions of all models, oldest first.</summary>
    public async Task<IReadOnlyList<ModelVersion>> ListModelsAsync(CancellationToken cancellation = default)
    {
        var models = new List<ModelVersion>();
        string? after = null;
        do
        {
            string path = after is null ? "/v2/models" : $"/v2/models?after={Uri.EscapeDataString(after)}";
            ModelList page = await _channel.SendAsync<ModelList>(() => new HttpRequestMessage(HttpMethod.Get, Path(path)), cancellation).ConfigureAwait(false);
            models.AddRange(page.Models);
            after = page.Next;
        }
        while (after is not null);
        return models;
    }

    /// <summary>Deletes a model's version; nothing happens where there is none.</summary>
    public Task DeleteModelAsync(string model, string version, CancellationToken cancellation = default) =>
        DeleteAsync($"/v2/models/{Segment(model)}/versions/{Segment(version)}", cancellation);

    /// <summary>A key set's state, or null where the server has none of this id.</summary>
    public async Task<KeySetState?> GetKeySetAsync(string id, CancellationToken cancellation = default)
    {
        try
        {
            return await _channel.SendAsync<KeySetState>(() => new HttpRequestMessage(HttpMethod.Get, Path($"/v2/keysets/{Segment(id)}")), cancellation).ConfigureAwait(false);
        }
        catch (BlindGrainException e) when (e.Code == "key_set_not_found")
        {
            return null;
        }
    }

    /// <summary>Uploads evaluation keys in chunks; resumes where an earlier upload of the same file stopped.</summary>
    /// <param name="id">The key set's id.</param>
    /// <param name="parameters">The keys' parameters.</param>
    /// <param name="file">The file as <see cref="EvaluationKey.Write"/> makes it; seekable.</param>
    /// <param name="progress">Told the bytes that the server has.</param>
    /// <param name="cancellation">Stops it; a later call goes on.</param>
    public async Task<KeySetState> UploadKeySetAsync(string id, ParameterSuite parameters, Stream file, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(file);
        file.Position = 0;
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
        var upload = new ChunkedUpload(_channel, $"/v2/keysets/{Segment(id)}", new { ParameterSet = parameters.Id, Bytes = file.Length, Sha256 = sha256 });
        UploadState state = await upload.AnnounceAsync(cancellation).ConfigureAwait(false);
        state = await upload.SendAsync(state, file, progress, cancellation).ConfigureAwait(false);
        return await _channel.SendAsync<KeySetState>(
            () => state.IsReady ? new HttpRequestMessage(HttpMethod.Get, Path($"/v2/keysets/{Segment(id)}")) : new HttpRequestMessage(HttpMethod.Post, Path($"/v2/keysets/{Segment(id)}/commit")),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes a key set everywhere on the server; nothing happens where there is none.</summary>
    public Task DeleteKeySetAsync(string id, CancellationToken cancellation = default) => DeleteAsync($"/v2/keysets/{Segment(id)}", cancellation);

    /// <summary>Submits an encrypted inference.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">Its version.</param>
    /// <param name="keySet">The key set that the input was encrypted for.</param>
    /// <param name="input">The encrypted input.</param>
    /// <param name="idempotencyKey">Names this submission: sent twice, it is one job. A fresh one where null.</param>
    /// <param name="cancellation">Stops the request, not the job.</param>
    public Task<JobState> SubmitAsync(string model, string version, string keySet, SeededLweList input, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SubmitAsync(model, version, keySet, input, new JobOptions { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>Submits an encrypted inference with priority and time-out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">Its version.</param>
    /// <param name="keySet">The key set that the input was encrypted for.</param>
    /// <param name="input">The encrypted input.</param>
    /// <param name="options">How urgent it is.</param>
    /// <param name="cancellation">Stops the request, not the job.</param>
    public Task<JobState> SubmitAsync(string model, string version, string keySet, SeededLweList input, JobOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(input);
        byte[] tensor = input.ToBytes();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Inputs = new[] { new { Name = "input", Shape = new long[] { 1 }, Datatype = "BYTES", Parameters = new { BinaryDataSize = tensor.Length } } },
                Parameters = options.ToParameters(keySet),
            },
            RestChannel.Json);
        byte[] body = [.. json, .. tensor];
        string key = options.IdempotencyKey ?? Guid.NewGuid().ToString("N");
        return _channel.SendAsync<JobState>(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Path($"/v2/models/{Segment(model)}/versions/{Segment(version)}/infer")) { Content = Binary(body) };
                request.Headers.Add("Inference-Header-Content-Length", json.Length.ToString(CultureInfo.InvariantCulture));
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            cancellation);
    }

    /// <summary>A job's state.</summary>
    public Task<JobState> GetJobAsync(string id, CancellationToken cancellation = default) =>
        _channel.SendAsync<JobState>(() => new HttpRequestMessage(HttpMethod.Get, Path($"/v2/jobs/{Segment(id)}")), cancellation);

    /// <summary>Cancels a job.</summary>
    public Task<JobState> CancelJobAsync(string id, CancellationToken cancellation = default) =>
        _channel.SendAsync<JobState>(() => new HttpRequestMessage(HttpMethod.Delete, Path($"/v2/jobs/{Segment(id)}")), cancellation);

    /// <summary>A job's states as they change, until it ends; a broken stream is taken up again, also where the gateway is away for a minute: the job goes on without it.</summary>
    public async IAsyncEnumerable<JobState> WatchJobAsync(string id, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        JobState? last = null;
        int emptyStreams = 0;
        while (last is null || !last.HasEnded)
        {
            using HttpResponseMessage response = await OpenEventsAsync(id, last?.Revision, cancellation).ConfigureAwait(false);
            await foreach (JobState state in Read(response, cancellation).ConfigureAwait(false))
            {
                last = state;
                emptyStreams = 0;
                yield return state;
            }

            if (last is not { HasEnded: true })
            {
                await Task.Delay(RestChannel.Pause(++emptyStreams, null), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until a job has ended.</summary>
    /// <exception cref="BlindGrainException">It failed or was cancelled; the code says why.</exception>
    public async Task<JobState> WaitAsync(string id, IProgress<JobState>? progress = null, CancellationToken cancellation = default)
    {
        JobState? last = null;
        await foreach (JobState state in WatchJobAsync(id, cancellation).ConfigureAwait(false))
        {
            progress?.Report(state);
            last = state;
        }

        return last!.HasSucceeded
            ? last
            : throw new BlindGrainException(HttpStatusCode.OK, last.Error?.Code ?? last.Phase, $"Job '{id}' {last.Phase}{(last.Error is null ? "" : $": {last.Error.Detail}")}.");
    }

    /// <summary>A finished job's encrypted result.</summary>
    public async Task<LweBatch> GetResultAsync(string id, LweDimension dimension, CancellationToken cancellation = default)
    {
        byte[] bytes = await _channel.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Path($"/v2/jobs/{Segment(id)}/result")), cancellation).ConfigureAwait(false);
        try
        {
            return new LweBatch(dimension, bytes);
        }
        catch (ArgumentException e)
        {
            throw new BlindGrainException($"The server sent a result that cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri Path(string route) => new(route.TrimStart('/'), UriKind.Relative);

    private static ByteArrayContent Binary(byte[] bytes, int? length = null) => new(bytes, 0, length ?? bytes.Length) { Headers = { ContentType = s_binary } };

    private static HttpClient NewHttpClient(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"'{server}' is no server address; take one such as http://127.0.0.1:8080.", nameof(server));
        }

        // With a '/' at its end, an address with a path keeps that path.
        Uri root = server.AbsolutePath.EndsWith('/') ? server : new Uri(server.AbsoluteUri + '/');
        return new HttpClient { BaseAddress = root, Timeout = TimeSpan.FromMinutes(10) };
    }

    /// <summary>An id as one segment of a path, whatever it holds: the server says what is wrong with it.</summary>
    private static string Segment(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return id.Trim('.').Length > 0 ? Uri.EscapeDataString(id) : throw new ArgumentException($"'{id}' cannot name anything.", nameof(id));
    }

    private async Task DeleteAsync(string route, CancellationToken cancellation)
    {
        try
        {
            _ = await _channel.SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, Path(route)), cancellation).ConfigureAwait(false);
        }
        catch (BlindGrainException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // Gone is what was asked for; a repeated delete finds nothing.
        }
    }

    /// <summary>Opens a job's stream of events, behind the last one known. Whoever knows a job has reached the gateway before, so it is waited for longer than at first.</summary>
    private async Task<HttpResponseMessage> OpenEventsAsync(string id, long? behind, CancellationToken cancellation)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await _channel.OpenAsync(
                    () =>
                    {
                        var request = new HttpRequestMessage(HttpMethod.Get, Path($"/v2/jobs/{Segment(id)}/events"));
                        if (behind is { } revision)
                        {
                            request.Headers.Add("Last-Event-ID", revision.ToString(CultureInfo.InvariantCulture));
                        }

                        return request;
                    },
                    cancellation).ConfigureAwait(false);
            }
            catch (BlindGrainException e) when (e.Status is null or HttpStatusCode.ServiceUnavailable && TimeProvider.System.GetElapsedTime(begun) < s_awayAtMost)
            {
                await Task.Delay(RestChannel.Pause(1, null), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The events of one stream; a stream that breaks off just ends.</summary>
    private async IAsyncEnumerable<JobState> Read(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using IAsyncEnumerator<SseItem<JobState?>> events = SseParser.Create(stream, (_, data) =>
        {
            _counter.AddReceived(data.Length);
            return JsonSerializer.Deserialize<JobState>(data, RestChannel.Json);
        }).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            JobState? state;
            try
            {
                if (!await events.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }

                state = events.Current.Data;
            }
            catch (Exception e) when (RestChannel.IsBroken(e, cancellation))
            {
                yield break;
            }

            if (state is not null)
            {
                yield return state;
            }
        }
    }

    private sealed record ModelList(ModelVersion[] Models, string? Next);
}
