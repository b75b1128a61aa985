using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>Encrypted messages, a table, and the check that each result decrypts to its message's entry.</summary>
internal sealed class BenchmarkSamples
{
    private readonly ClientKey _client;
    private readonly int _messages;
    private readonly ulong _delta;

    public BenchmarkSamples(ClientKey client, int bits, int count)
    {
        _client = client;
        _messages = 1 << bits;
        _delta = 1UL << (63 - bits);
        ParameterSet p = client.Parameters;
        ulong[] messages = [.. Enumerable.Range(0, count).Select(i => (ulong)(i % _messages) * _delta)];
        Input = SeededLweList.Encrypt(client, messages).Expand(p);
        ulong[] table = [.. Enumerable.Range(0, p.TableSize).Select(j => (ulong)Function((int)((long)j * _messages / p.TableSize)) * _delta)];
        Tables = [.. Enumerable.Repeat(table, count)];

        // Half a slot, so that message m lies in the middle of its part of the table.
        Offsets = [.. Enumerable.Repeat((uint)(_delta >> 33), count)];
    }

    /// <summary>The ciphertexts.</summary>
    public LweBatch Input { get; }

    /// <summary>The table of each.</summary>
    public ulong[][] Tables { get; }

    /// <summary>What is added to each body.</summary>
    public uint[] Offsets { get; }

    /// <summary>How many of the results do not decrypt to what the table says.</summary>
    public int Failures(LweBatch results)
    {
        int wrong = 0;
        for (int i = 0; i < results.Count; i++)
        {
            ulong phase = (ulong)LwePhase.Of(results[i], _client.Big) << 32;
            ulong decoded = ((phase + (_delta / 2)) / _delta) % (ulong)(2 * _messages);
            wrong += decoded == (ulong)Function(i % _messages) ? 0 : 1;
        }

        return wrong;
    }

    private int Function(int message) => ((5 * message) + 3) % _messages;
}
