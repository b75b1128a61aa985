using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>Evaluation keys expanded for computing, in native memory: the bootstrapping key in the Fourier domain, the
/// key-switching key as 32-bit words. Thread-safe for reading; dispose it when no bootstrap uses it.</summary>
public sealed class ServerKey : IDisposable
{
    /// <summary>The parameters that the keys are for.</summary>
    public ParameterSet Parameters => throw new NotImplementedException();

    /// <summary>The native memory held, in bytes.</summary>
    public long ByteSize => throw new NotImplementedException();

    /// <summary>Expands a key on up to <paramref name="threads"/> threads.</summary>
    public static ServerKey Expand(EvaluationKey key, int threads) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
