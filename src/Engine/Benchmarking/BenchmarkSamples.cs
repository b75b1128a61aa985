using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Engine.Benchmarking;

/// <summary>Encrypted messages, a table, and the check that each result decrypts to its message's entry.</summary>
internal sealed class BenchmarkSamples
{
    private readonly ClientKey _client;
    private readonly BenchmarkSet _set;
    private readonly int _messages;
    private readonly ulong _delta;

    public BenchmarkSamples(ClientKey client, BenchmarkSet set, int count)
    {
        _client = client;
        _set = set;
        _messages = 1 << set.MessageBits;
        _delta = 1UL << (63 - set.MessageBits);
        ulong[] messages = [.. Enumerable.Range(0, count).Select(i => (ulong)Message(i) * _delta)];
        Input = SeededLweList.Encrypt(client, messages).Expand(set.Parameters);
        int size = set.Parameters.PolynomialSize.Value << set.Plan.Log2Extension;
        ulong[] table = [.. Enumerable.Range(0, size).Select(j => (ulong)Function((int)((long)j * _messages / size)) * _delta)];
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

    /// <summary>How many of the results do not decrypt to what the table says, or to near it where look-ups are approximate.</summary>
    public int Failures(LweBatch results)
    {
        int wrong = 0;
        for (int i = 0; i < results.Count; i++)
        {
            ulong phase = (ulong)LwePhase.Of(results[i], _client.Big) << 32;
            int decoded = (int)(((phase + (_delta / 2)) / _delta) % (ulong)(2 * _messages));
            wrong += Math.Abs(decoded - Function(Message(i))) <= _set.Tolerance ? 0 : 1;
        }

        return wrong;
    }

    /// <summary>All messages in turn; those at the ends, where the table's sign changes, only where look-ups are exact.</summary>
    private int Message(int i) => _set.Tolerance + (i * 37 % (_messages - (2 * _set.Tolerance)));

    /// <summary>Neighbours far apart where look-ups are exact, near where they are not.</summary>
    private int Function(int message) => _set.Tolerance > 0 ? message : ((5 * message) + 3) % _messages;
}
