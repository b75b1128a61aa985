using System.Text.Json;
using Orleans.Storage;

namespace BlindGrain.Storage.GrainState;

/// <summary>
/// Grain state as JSON blobs. A state without an ETag must not exist yet, one with an ETag must still have it; otherwise
/// another activation has written and <see cref="InconsistentStateException"/> makes Orleans drop this one. A failing backend
/// throws: failure is never "no state".
/// </summary>
internal sealed class BlobGrainStorage(IBlobStore blobs) : IGrainStorage
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        string name = GrainStateNames.For(stateName, grainId);
        BlobContent? blob = await blobs.OpenAsync(name);
        if (blob is null)
        {
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null!;
            grainState.RecordExists = false;
            return;
        }

        await using (blob.ConfigureAwait(false))
        {
            grainState.State = await JsonSerializer.DeserializeAsync<T>(blob.Stream, s_json)
                ?? throw new InvalidDataException($"The grain state {name} holds null.");
            grainState.ETag = blob.ETag;
            grainState.RecordExists = true;
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        string name = GrainStateNames.For(stateName, grainId);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(grainState.State, s_json));
        BlobCondition condition = string.IsNullOrEmpty(grainState.ETag) ? BlobCondition.Absent : BlobCondition.Match(grainState.ETag);
        try
        {
            grainState.ETag = await blobs.WriteAsync(name, content, condition);
            grainState.RecordExists = true;
        }
        catch (BlobConflictException e)
        {
            throw new InconsistentStateException($"The grain state {name} was written by someone else.", "unknown", grainState.ETag ?? "", e);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        string name = GrainStateNames.For(stateName, grainId);
        BlobCondition condition = string.IsNullOrEmpty(grainState.ETag) ? BlobCondition.Absent : BlobCondition.Match(grainState.ETag);
        try
        {
            await blobs.DeleteAsync(name, condition);
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null!;
            grainState.RecordExists = false;
        }
        catch (BlobConflictException e)
        {
            throw new InconsistentStateException($"The grain state {name} was written by someone else.", "unknown", grainState.ETag ?? "", e);
        }
    }
}
