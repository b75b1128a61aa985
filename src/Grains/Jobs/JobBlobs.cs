using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Jobs;

/// <summary>The blobs of one job: its input, its checkpoints, its result.</summary>
internal sealed class JobBlobs(IBlobStore blobs, string tenant, string job)
{
    /// <summary>The input's bytes, no longer than the model's input can be.</summary>
    /// <exception cref="JobFailedException">There is none, or it has another length.</exception>
    public async Task<byte[]> ReadInputAsync(CompiledModel model)
    {
        BlobContent blob = await blobs.OpenAsync(BlobNames.JobInput(tenant, job))
            ?? throw new JobFailedException(JobErrors.InvalidInput, "The job's encrypted input is not there.");
        await using (blob.ConfigureAwait(false))
        {
            // The longest id there could be: another parameter set is to be told apart from a wrong number of ciphertexts.
            long most = SeededLweList.ByteSize(model.Parameters, model.Circuit.Input.Length) + byte.MaxValue;
            return blob.Length <= most
                ? await ReadAsync(blob)
                : throw new JobFailedException(JobErrors.InvalidInput, $"The encrypted input has {blob.Length} bytes, more than {model.Circuit.Input.Length} ciphertexts take.");
        }
    }

    /// <summary>Checks the input and expands it: long computing, for a worker thread.</summary>
    /// <exception cref="JobFailedException">It is no encrypted input of this model.</exception>
    public static LweBatch Expand(byte[] input, CompiledModel model)
    {
        SeededLweList list;
        try
        {
            list = SeededLweList.Parse(input);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(JobErrors.InvalidInput, e.Message, e);
        }

        if (list.ParameterSetId != model.Parameters.Id)
        {
            throw new JobFailedException(JobErrors.ParameterMismatch, $"The encrypted input is for parameters {list.ParameterSetId}, the model runs on {model.Parameters.Id}.");
        }

        return list.Count == model.Circuit.Input.Length
            ? model.Expand(list)
            : throw new JobFailedException(JobErrors.InvalidInput, $"The encrypted input has {list.Count} ciphertexts, the model takes {model.Circuit.Input.Length}.");
    }

    public Task WriteValueAsync(int value, LweBatch batch, CancellationToken cancellation) => WriteAsync(BlobNames.JobValue(tenant, job, value), batch, cancellation);

    public Task WriteResultAsync(LweBatch batch, CancellationToken cancellation) => WriteAsync(BlobNames.JobResult(tenant, job), batch, cancellation);

    /// <summary>Whether the result is there, whole: it is written in one piece.</summary>
    public async Task<bool> HasResultAsync(CancellationToken cancellation)
    {
        BlobContent? blob = await blobs.OpenAsync(BlobNames.JobResult(tenant, job), cancellation);
        if (blob is not null)
        {
            await blob.DisposeAsync();
        }

        return blob is not null;
    }

    /// <summary>A checkpoint that was written before.</summary>
    /// <exception cref="InvalidDataException">It is not there, or not what was written.</exception>
    public async Task<LweBatch> ReadValueAsync(int value, LweDimension dimension, int count)
    {
        string name = BlobNames.JobValue(tenant, job, value);
        BlobContent blob = await blobs.OpenAsync(name) ?? throw new InvalidDataException($"The checkpoint {name} is not there.");
        await using (blob.ConfigureAwait(false))
        {
            return blob.Length == LweBatch.ByteSize(dimension, count)
                ? new LweBatch(dimension, await ReadAsync(blob))
                : throw new InvalidDataException($"The checkpoint {name} has {blob.Length} bytes, not {LweBatch.ByteSize(dimension, count)}.");
        }
    }

    /// <summary>Deletes what only a job that goes on needs: its checkpoints and its input.</summary>
    public async Task DeleteWorkAsync()
    {
        await blobs.DeleteAllAsync($"{BlobNames.Job(tenant, job)}values/");
        await blobs.DeleteAsync(BlobNames.JobInput(tenant, job));
    }

    /// <summary>Deletes all blobs of the job.</summary>
    public Task DeleteAllAsync() => blobs.DeleteAllAsync(BlobNames.Job(tenant, job));

    private static async Task<byte[]> ReadAsync(BlobContent blob)
    {
        var bytes = new byte[blob.Length];
        await blob.Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task WriteAsync(string name, LweBatch batch, CancellationToken cancellation)
    {
        using var content = new MemoryStream(batch.Data, writable: false);
        _ = await blobs.WriteAsync(name, content, default, cancellation);
    }
}
