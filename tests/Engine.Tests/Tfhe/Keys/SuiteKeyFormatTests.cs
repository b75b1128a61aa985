using System.Runtime.InteropServices;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Keys;

/// <summary>Key files of version 3: several parameter sets.</summary>
public class SuiteKeyFormatTests
{
    /// <summary>Two sets under one big key and one under another.</summary>
    private static readonly ParameterSuite s_suite = new([.. ParameterCatalog.All.Where(p => p.PolynomialSize.Value == 512 && p.GlweDimension.Value == 3).Take(2), ParameterCatalog.All[0]]);

    [Fact]
    public void An_evaluation_key_survives_its_file()
    {
        byte[] file = Bytes(ClientKey.Generate(s_suite).CreateEvaluationKey(TestContext.Current.CancellationToken).Write);
        Assert.Equal(EvaluationKey.FileSize(s_suite), file.Length);
        Assert.Equal(3, BitConverter.ToUInt16(file, 4));
        EvaluationKey read = EvaluationKey.Read(new MemoryStream(file));
        Assert.Equal(file, Bytes(read.Write));
        Assert.Equal(s_suite, EvaluationKey.ReadParameters(new MemoryStream(file)));
        Assert.Equal(s_suite, EvaluationKey.Validate(new MemoryStream(file)));
        Assert.All(read.Parts, p => Assert.Equal(2, p.Keyswitches.Length));

        var random = new System.Random(5);
        foreach (int place in Enumerable.Range(4, 220).Concat(Enumerable.Range(0, 8).Select(_ => random.Next(file.Length))))
        {
            byte was = file[place];
            file[place] ^= (byte)(1 << random.Next(8));
            _ = Assert.Throws<FormatException>(() => EvaluationKey.Validate(new MemoryStream(file)));
            file[place] = was;
        }

        foreach (int length in Enumerable.Range(0, 260).Concat([file.Length / 2, file.Length - 33, file.Length - 1]))
        {
            _ = Assert.Throws<FormatException>(() => EvaluationKey.Validate(new MemoryStream(file, 0, length)));
        }
    }

    [Fact]
    public void The_layout_of_an_evaluation_key_does_not_change()
    {
        // Seeds set after set: a key switch from each big key, then the bootstrapping key; bodies likewise.
        int next = 0;
        byte[] file = Bytes(stream =>
        {
            using FormatWriter writer = Header(stream, "BGEK");
            writer.WriteBytes([1]);
            for (int seed = 0; seed < s_suite.Sets.Count * 3; seed++)
            {
                writer.WriteBytes([.. Enumerable.Repeat((byte)seed, 16)]);
            }

            foreach (ParameterSet set in s_suite.Sets)
            {
                foreach (GlweParameters from in s_suite.BigKeys)
                {
                    var bodies = new uint[from.GlweDimension.Value * from.PolynomialSize.Value * set.Keyswitch.Levels];
                    bodies[^1] = (uint)++next;
                    writer.WriteBytes(MemoryMarshal.AsBytes(bodies.AsSpan()));
                }

                var bootstrap = new ulong[set.SmallDimension.Value * (set.GlweDimension.Value + 1) * set.Bootstrap.Levels * set.PolynomialSize.Value];
                bootstrap[^1] = (ulong)++next;
                writer.WriteBytes(MemoryMarshal.AsBytes(bootstrap.AsSpan()));
            }

            writer.Finish();
        });
        EvaluationKey key = EvaluationKey.Read(new MemoryStream(file));
        Assert.Equal(s_suite.Sets, key.Parts.Select(p => p.Parameters));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (byte)i), key.Parts.SelectMany(p => p.Keyswitches.Select(k => k.Seed).Append(p.BootstrapSeed)).Select(s => s[0]));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => (ulong)i), key.Parts.SelectMany(p => p.Keyswitches.Select(k => (ulong)k.Bodies[^1]).Append(p.BootstrapBodies[^1][^1])));
        Assert.Equal(file, Bytes(key.Write));
    }

    [Fact]
    public void Parts_that_share_a_seed_are_refused()
    {
        byte[] file = Bytes(stream =>
        {
            using FormatWriter writer = Header(stream, "BGEK");
            writer.WriteBytes([1]);
            for (int seed = 0; seed < s_suite.Sets.Count * 3; seed++)
            {
                writer.WriteBytes([.. Enumerable.Repeat((byte)(seed == 7 ? 2 : seed), 16)]);
            }
        });
        FormatException e = Assert.Throws<FormatException>(() => EvaluationKey.Validate(new MemoryStream(file)));
        Assert.Contains("share a seed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layout_of_a_client_key_does_not_change()
    {
        // The small key of each set, then the big keys.
        var random = new System.Random(3);
        int[] lengths = [.. s_suite.Sets.Select(p => p.SmallDimension.Value), .. s_suite.BigKeys.Select(g => g.BigDimension.Value)];
        byte[][] vectors = [.. lengths.Select(n => Enumerable.Range(0, n).Select(_ => (byte)random.Next(2)).ToArray())];
        ClientKey key = ClientKey.Read(new MemoryStream(File(vectors)));
        Assert.Equal(vectors[1], key.SmallOf(s_suite.Sets[1]));
        Assert.Equal(vectors[4], key.BigOf(s_suite.BigKeys[1]));
        Assert.Equal(File(vectors), Bytes(key.Write));
        Assert.Equal($"client key for {s_suite.Id}", key.ToString());

        vectors[4][17] = 2;
        FormatException e = Assert.Throws<FormatException>(() => ClientKey.Read(new MemoryStream(File(vectors))));
        Assert.Contains("other than 0 and 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_secrets_of_a_key_are_drawn_apart()
    {
        ClientKey key = ClientKey.Generate(s_suite);
        byte[][] vectors = [.. s_suite.Sets.Select(key.SmallOf), .. s_suite.BigKeys.Select(key.BigOf)];
        for (int a = 0; a < vectors.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                // Of two independent vectors half of the bits agree: 6 standard deviations.
                int length = Math.Min(vectors[a].Length, vectors[b].Length);
                int equal = vectors[a].Zip(vectors[b]).Count(p => p.First == p.Second);
                Assert.InRange(equal, (length / 2) - (3 * Math.Sqrt(length)), (length / 2) + (3 * Math.Sqrt(length)));
            }
        }
    }

    private static byte[] File(byte[][] vectors) => Bytes(stream =>
    {
        using FormatWriter writer = Header(stream, "BGCK");
        Array.ForEach(vectors, v => writer.WriteBytes(v));
        writer.Finish();
    });

    private static FormatWriter Header(Stream stream, string magic)
    {
        var writer = new FormatWriter(stream, magic, 3);
        writer.WriteInt32(s_suite.Sets.Count);
        foreach (ParameterSet set in s_suite.Sets)
        {
            ParameterSetFormat.Write(set, writer);
        }

        return writer;
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
