using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Keys;

public class KeyFormatTests
{
    private static readonly ParameterSet s_parameters = ParameterCatalog.All.First(p => p.PolynomialSize.Value == 512);
    private static readonly byte[] s_evaluation = Bytes(stream => TestKeys.For(s_parameters).Evaluation.Write(stream));
    private static readonly byte[] s_client = Bytes(stream => TestKeys.For(s_parameters).Client.Write(stream));

    [Fact]
    public void An_evaluation_key_survives_its_file()
    {
        Assert.Equal(EvaluationKey.FileSize(s_parameters), s_evaluation.Length);
        EvaluationKey read = EvaluationKey.Read(new MemoryStream(s_evaluation));
        Assert.Equal(s_evaluation, Bytes(read.Write));
        Assert.Equal(s_parameters, EvaluationKey.ReadParameters(new MemoryStream(s_evaluation)));
        Assert.Equal(s_parameters, EvaluationKey.Validate(new MemoryStream(s_evaluation)));
    }

    [Fact]
    public void A_client_key_survives_its_file_and_prints_no_secret()
    {
        ClientKey read = ClientKey.Read(new MemoryStream(s_client));
        Assert.Equal(s_client, Bytes(read.Write));
        Assert.Equal($"client key for {s_parameters.Id}", read.ToString());
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (int length in Enumerable.Range(0, 200).Concat([s_evaluation.Length / 2, s_evaluation.Length - 33, s_evaluation.Length - 1]))
        {
            FormatException e = Assert.Throws<FormatException>(() => EvaluationKey.Read(new MemoryStream(s_evaluation, 0, length)));
            Assert.Matches("not an evaluation key|cut short|refused|generator", e.Message);
        }
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        var random = new System.Random(5);
        IEnumerable<int> places = Enumerable.Range(0, 80).Concat(Enumerable.Range(0, 10).Select(_ => random.Next(s_evaluation.Length))).Append(s_evaluation.Length - 1);
        foreach (int place in places)
        {
            byte[] damaged = [.. s_evaluation];
            damaged[place] ^= (byte)(1 << random.Next(8));
            _ = Assert.Throws<FormatException>(() => EvaluationKey.Read(new MemoryStream(damaged)));
            _ = Assert.Throws<FormatException>(() => EvaluationKey.Validate(new MemoryStream(damaged)));
        }
    }

    [Fact]
    public void Bytes_behind_the_end_are_refused()
    {
        FormatException e = Assert.Throws<FormatException>(() => EvaluationKey.Read(new MemoryStream([.. s_evaluation, 0])));
        Assert.Contains("left over", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_file_that_claims_large_parameters_takes_little_memory()
    {
        ParameterSet large = ParameterCatalog.All[^1];
        byte[] header = Bytes(stream =>
        {
            using var writer = new BlindGrain.Engine.Formats.FormatWriter(stream, "BGEK", 1);
            ParameterSetFormat.Write(large, writer);
            writer.WriteBytes([1]);
            writer.WriteBytes(new byte[16]);
            writer.WriteBytes([.. Enumerable.Repeat((byte)1, 16)]);
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Assert.Throws<FormatException>(() => EvaluationKey.Read(new MemoryStream(header)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Expanded_keys_do_not_depend_on_the_number_of_threads()
    {
        EvaluationKey key = TestKeys.For(s_parameters).Evaluation;
        using ServerKey one = ServerKey.Expand(key, 1), many = ServerKey.Expand(key, 4);
        Assert.Equal(one.ByteSize, many.ByteSize);
        unsafe
        {
            Assert.True(new ReadOnlySpan<double>(one.Only.Bootstrap[0], 1 << 20).SequenceEqual(new ReadOnlySpan<double>(many.Only.Bootstrap[0], 1 << 20)));
            Assert.True(new ReadOnlySpan<uint>(one.Only.Keyswitch, 1 << 20).SequenceEqual(new ReadOnlySpan<uint>(many.Only.Keyswitch, 1 << 20)));
        }
    }

    [Fact]
    public void A_seeded_list_survives_its_bytes_and_refuses_damaged_ones()
    {
        ClientKey client = TestKeys.For(s_parameters).Client;
        ulong[] messages = [1UL << 60, 3UL << 60, 5UL << 60];
        byte[] bytes = SeededLweList.Encrypt(client, messages).ToBytes();
        Assert.Equal(SeededLweList.ByteSize(s_parameters, 3), bytes.Length);
        LweBatch batch = SeededLweList.Parse(bytes).Expand(s_parameters);
        for (int i = 0; i < messages.Length; i++)
        {
            long error = (long)(((ulong)LwePhase.Of(batch[i], client.Big) << 32) - messages[i]);
            Assert.InRange(error, -(1L << 50), 1L << 50);
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            _ = Assert.Throws<FormatException>(() => SeededLweList.Parse(bytes.AsSpan(0, length)));
        }

        _ = Assert.Throws<FormatException>(() => SeededLweList.Parse([.. bytes, 0]));
        byte[] huge = [.. bytes];
        huge[9] = 0x7f;
        _ = Assert.Throws<FormatException>(() => SeededLweList.Parse(huge));
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
