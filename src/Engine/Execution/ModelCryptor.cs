using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Engine.Execution;

/// <summary>The client's side of a compiled model: encrypts its inputs and decrypts its results.</summary>
public sealed class ModelCryptor
{
    /// <summary>Joins a model and a key.</summary>
    /// <exception cref="ArgumentException">The key is for other parameters.</exception>
    public ModelCryptor(CompiledModel model, ClientKey key) => throw new NotImplementedException();

    /// <summary>Encrypts quantized inputs (<c>Circuit.Input.Quantize</c>).</summary>
    /// <exception cref="ArgumentException">The wrong number of values, or one outside the input's range.</exception>
    public SeededLweList Encrypt(ReadOnlySpan<int> input) => throw new NotImplementedException();

    /// <summary>Decrypts a result to the circuit's output integers, for <c>Circuit.Output.Dequantize</c>.</summary>
    /// <exception cref="ArgumentException">The result has the wrong dimension or number of ciphertexts.</exception>
    public long[] Decrypt(LweBatch result) => throw new NotImplementedException();
}
