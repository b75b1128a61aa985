using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>Runs samples encrypted, in this process, under keys made for it and thrown away.</summary>
internal sealed class EncryptedSample : IDisposable
{
    private readonly CompiledModel _model;
    private readonly ModelCryptor _cryptor;
    private readonly ServerKey _key;
    private readonly EncryptedExecutor _executor;

    /// <summary>Makes the keys.</summary>
    public EncryptedSample(CompiledModel model, CancellationToken cancellation)
    {
        _model = model;
        ClientKey client = ClientKey.Generate(model.Parameters);
        _cryptor = new ModelCryptor(model, client);
        _key = ServerKey.Expand(client.CreateEvaluationKey(cancellation), model.ParameterPlan.Needs, Environment.ProcessorCount);
        _executor = new EncryptedExecutor(model, _key, Environment.ProcessorCount);
    }

    /// <summary>The output integers of quantized inputs, encrypted and decrypted on the way.</summary>
    public IEnumerable<long[]> Run(IEnumerable<int[]> inputs, CancellationToken cancellation)
    {
        foreach (int[] input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return _cryptor.Decrypt(_executor.Run(_model.Expand(_cryptor.Encrypt(input))));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _executor.Dispose();
        _key.Dispose();
    }
}
