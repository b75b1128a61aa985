using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Keys;

/// <summary>A key-switching key in seeded form: a seed and kN·l bodies.</summary>
internal sealed record SeededKeyswitchKey(byte[] Seed, uint[] Bodies);

/// <summary>The evaluation keys of one parameter set in seeded form.</summary>
/// <param name="Parameters">The set.</param>
/// <param name="Keyswitches">The key switch to its small key from each big key of the suite, in the suite's order.</param>
/// <param name="BootstrapSeed">The seed of the bootstrapping key.</param>
/// <param name="BootstrapBodies">For each of n GGSWs, the body polynomials of its rows: (k+1)·l·N words.</param>
internal sealed record EvaluationKeyPart(ParameterSet Parameters, SeededKeyswitchKey[] Keyswitches, byte[] BootstrapSeed, ulong[][] BootstrapBodies);
