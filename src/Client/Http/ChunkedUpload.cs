using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace BlindGrain.Client.Http;

/// <summary>Sends a file to a server in chunks, from where an earlier upload of the same file was cut.</summary>
/// <param name="channel">The server.</param>
/// <param name="route">The upload's route: a PUT of the announcement tells its state, PUT on /chunks sends.</param>
/// <param name="announcement">The announcement, a JSON object.</param>
internal sealed class ChunkedUpload(RestChannel channel, string route, object announcement)
{
    /// <summary>The length of a chunk in bytes, of which one is held in memory; the last one may be shorter.</summary>
    public const int ChunkBytes = 4 << 20;

    private static readonly MediaTypeHeaderValue s_binary = new("application/octet-stream");
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly string _route = route.TrimStart('/');
    private readonly byte[] _announcement = JsonSerializer.SerializeToUtf8Bytes(announcement, RestChannel.Json);

    /// <summary>Announces the file, which changes nothing where it was announced before.</summary>
    /// <exception cref="BlindGrainException">Refused: another file was announced, among other reasons.</exception>
    public Task<UploadState> AnnounceAsync(CancellationToken cancellation) => channel.SendAsync<UploadState>(
        () => new HttpRequestMessage(HttpMethod.Put, new Uri(_route, UriKind.Relative)) { Content = new ByteArrayContent(_announcement) { Headers = { ContentType = s_json } } }, cancellation);

    /// <summary>Sends what the server does not have.</summary>
    /// <param name="state">What the announcement was answered with.</param>
    /// <param name="file">The file; seekable.</param>
    /// <param name="progress">Told the bytes that the server has.</param>
    /// <param name="cancellation">Stops it; a later call goes on.</param>
    /// <returns>The state at the end: all is there, or was committed by somebody else.</returns>
    public async Task<UploadState> SendAsync(UploadState state, Stream file, IProgress<long>? progress, CancellationToken cancellation)
    {
        var chunk = new byte[ChunkBytes];
        while (!state.IsReady && state.Received < file.Length)
        {
            progress?.Report(state.Received);
            long offset = state.Received;
            file.Position = offset;
            int length = await file.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            var path = new Uri(string.Create(CultureInfo.InvariantCulture, $"{_route}/chunks?offset={offset}"), UriKind.Relative);
            try
            {
                state = await channel.SendAsync<UploadState>(
                    () => new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(chunk, 0, length) { Headers = { ContentType = s_binary } } }, cancellation).ConfigureAwait(false);
            }
            catch (BlindGrainException e) when (e.Code == "upload_offset_mismatch")
            {
                // Another upload of the same file is under way: the server knows where it stands, and refuses where it is of another file.
                UploadState now = await AnnounceAsync(cancellation).ConfigureAwait(false);
                if (!now.IsReady && now.Received == offset)
                {
                    throw;
                }

                state = now;
            }
        }

        progress?.Report(state.Received);
        return state;
    }
}

/// <summary>How far an upload is.</summary>
/// <param name="State">"uploading" or "ready".</param>
/// <param name="Received">How many bytes the server has.</param>
internal sealed record UploadState(string State, long Received)
{
    /// <summary>Whether it is committed already.</summary>
    public bool IsReady => State == "ready";
}
