using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Client;

/// <summary>A model, a secret key and the key set made from it: predicts in one call. Thread-safe.</summary>
public sealed class BlindGrainSession
{
    private readonly BlindGrainClient _client;
    private readonly ClientKey _key;
    private readonly ModelCryptor _cryptor;

    /// <summary>Joins what a prediction needs.</summary>
    /// <param name="client">The server.</param>
    /// <param name="name">The model's name on the server.</param>
    /// <param name="version">The model's version on the server.</param>
    /// <param name="model">The model itself.</param>
    /// <param name="key">The secret key.</param>
    /// <param name="keySet">The id of the key set on the server.</param>
    /// <exception cref="ArgumentException">The key is not for all of the model's parameters.</exception>
    public BlindGrainSession(BlindGrainClient client, string name, string version, CompiledModel model, ClientKey key, string keySet)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _key = key;
        _cryptor = new ModelCryptor(model, key);
        Name = name;
        Version = version;
        Model = model;
        KeySet = keySet;
    }

    /// <summary>The model's name on the server.</summary>
    public string Name { get; }

    /// <summary>The model's version on the server.</summary>
    public string Version { get; }

    /// <summary>The model itself.</summary>
    public CompiledModel Model { get; }

    /// <summary>The parameters that the key set is for: the model's, and perhaps more.</summary>
    public ParameterSuite KeyParameters => _key.Parameters;

    /// <summary>The key set's id on the server.</summary>
    public string KeySet { get; }

    /// <summary>Uploads the key set where the server does not have it yet.</summary>
    /// <returns>Whether it had to be uploaded.</returns>
    public async Task<bool> EnsureKeySetAsync(IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (await _client.GetKeySetAsync(KeySet, cancellation).ConfigureAwait(false) is { } state)
        {
            if (state.IsReady)
            {
                return false;
            }

            // What was being uploaded came from other random choices; it cannot be continued with a fresh key.
            await _client.DeleteKeySetAsync(KeySet, cancellation).ConfigureAwait(false);
        }

        string path = Path.Combine(Path.GetTempPath(), $"blindgrain-{Guid.NewGuid():N}");
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        (await Task.Run(() => _key.CreateEvaluationKey(cancellation), cancellation).ConfigureAwait(false)).Write(file);
        _ = await _client.UploadKeySetAsync(KeySet, _key.Parameters, file, progress, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Quantizes, encrypts, submits, waits, decrypts and dequantizes one sample.</summary>
    /// <param name="sample">The clear input, flat.</param>
    /// <param name="progress">Told the job's states.</param>
    /// <param name="options">How urgent the job is; null for no wishes.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">The sample has the wrong length or holds a NaN.</exception>
    /// <exception cref="BlindGrainException">The server refused, failed or cannot be reached.</exception>
    public async Task<Prediction> PredictAsync(float[] sample, IProgress<JobState>? progress = null, JobOptions? options = null, CancellationToken cancellation = default)
    {
        SeededLweList input = _cryptor.Encrypt(Model.Circuit.Input.Quantize(sample));
        JobState job = await _client.SubmitAsync(Name, Version, KeySet, input, options ?? JobOptions.Default, cancellation).ConfigureAwait(false);
        job = await _client.WaitAsync(job.Id, progress, cancellation).ConfigureAwait(false);
        LweBatch result = await _client.GetResultAsync(job.Id, Model.DimensionOf(Model.Circuit.Output.Value), cancellation).ConfigureAwait(false);
        long[] integers = _cryptor.Decrypt(result);
        return new Prediction(job, integers, Model.Circuit.Output.Dequantize(integers), Model.Circuit.Output.Finish(integers));
    }
}

/// <summary>A decrypted prediction.</summary>
/// <param name="Job">The job as it ended.</param>
/// <param name="Integers">The circuit's output integers.</param>
/// <param name="Logits">The dequantized integers.</param>
/// <param name="Output">The model's output: the logits, after the function at the model's end (softmax, argmax, …) that the client computes.</param>
public sealed record Prediction(JobState Job, long[] Integers, float[] Logits, float[] Output)
{
    /// <summary>The index of the largest logit.</summary>
    public int ArgMax => Array.IndexOf(Logits, Logits.Max());
}
