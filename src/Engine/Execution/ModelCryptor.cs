using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The client's side of a compiled model: encrypts its inputs and decrypts its results. Thread-safe.</summary>
public sealed class ModelCryptor
{
    private readonly CompiledModel _model;
    private readonly ClientKey _key;

    /// <summary>Joins a model and a key.</summary>
    /// <exception cref="ArgumentException">The key is not for all of the model's parameters.</exception>
    public ModelCryptor(CompiledModel model, ClientKey key)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(key);
        if (!ParameterSuite.Serves(key.Parameters.Id, model.Parameters.Id))
        {
            throw new ArgumentException($"The model runs on parameters {model.Parameters.Id}, the key is for {key.Parameters.Id}.", nameof(key));
        }

        _model = model;
        _key = key;
    }

    /// <summary>Encrypts quantized inputs (<c>Circuit.Input.Quantize</c>).</summary>
    /// <exception cref="ArgumentException">The wrong number of values, or one outside the input's range.</exception>
    public SeededLweList Encrypt(ReadOnlySpan<int> input)
    {
        CircuitInput description = _model.Circuit.Input;
        if (input.Length != description.Length)
        {
            throw new ArgumentException($"The model takes {description.Length} values, not {input.Length}.", nameof(input));
        }

        ulong delta = _model.Encoding.Delta(0);
        var messages = new ulong[input.Length];
        for (int i = 0; i < messages.Length; i++)
        {
            if (!description.Range.Contains(input[i]))
            {
                throw new ArgumentException($"Value {i} is {input[i]}; the model takes {description.Range}.", nameof(input));
            }

            messages[i] = (ulong)(long)input[i] * delta;
        }

        return SeededLweList.Encrypt(_key, _model.Parameters, _model.ParameterPlan.BigKeyOf(0), messages);
    }

    /// <summary>Decrypts a result to the circuit's output integers, for <c>Circuit.Output.Dequantize</c>.</summary>
    /// <exception cref="ArgumentException">The result has the wrong dimension or number of ciphertexts.</exception>
    public long[] Decrypt(LweBatch result)
    {
        ArgumentNullException.ThrowIfNull(result);
        int value = _model.Circuit.Output.Value;
        ValueRange[] ranges = _model.Circuit.Ranges[value];
        GlweParameters glwe = _model.ParameterPlan.BigKeyOf(value);
        if (result.Dimension != glwe.BigDimension || result.Count != ranges.Length)
        {
            throw new ArgumentException($"The model yields {ranges.Length} ciphertexts of dimension {glwe.BigDimension}, not {result.Count} of dimension {result.Dimension}.", nameof(result));
        }

        byte[] key = _key.BigOf(glwe);
        var output = new long[result.Count];
        for (int i = 0; i < output.Length; i++)
        {
            ulong phase = (ulong)LwePhase.Of(result[i], key) << 32;
            output[i] = _model.Encoding.Decode(value, phase, ranges[i]);
        }

        return output;
    }
}
