using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>
/// What bootstraps by one parameter set need of ciphertexts under one big key: the key-switching key from that to the set's small key, and the set's bootstrapping key, which look-ups of
/// ciphertexts under other big keys share. A <see cref="ServerKey"/> owns both.
/// </summary>
internal sealed unsafe class LookupKey(ParameterSet parameters, GlweParameters from, FourierBootstrapKey bootstrap, NativeBuffer keyswitch)
{
    /// <summary>The set.</summary>
    public ParameterSet Parameters => parameters;

    /// <summary>The big key of the ciphertexts that are read; results are under that of the set.</summary>
    public GlweParameters From => from;

    /// <summary>kN of the ciphertexts that are read.</summary>
    public LweDimension InputDimension { get; } = from.BigDimension;

    /// <summary>The bootstrapping key.</summary>
    public FourierBootstrapKey Bootstrap => bootstrap;

    /// <summary>kN·l rows of n mask words, the body and zeros, in the tiles of <see cref="KeyswitchKernel"/>.</summary>
    public uint* Keyswitch => keyswitch.Words32;

    /// <summary>The words of a switched ciphertext.</summary>
    public int KeyswitchStride { get; } = KeyswitchKernel.Stride(parameters.SmallDimension.Value);

    /// <summary>Whether the key switch of a bootstrap alone runs before its rotation (0) or beside it (1), found by trying.</summary>
    public FasterWay SwitchBeside { get; } = new();
}
