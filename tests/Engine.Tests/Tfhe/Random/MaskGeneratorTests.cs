using BlindGrain.Engine.Tfhe.Random;

namespace BlindGrain.Engine.Tests.Tfhe.Random;

public class MaskGeneratorTests
{
    [Fact]
    public void Masks_are_AES_128_of_the_counter_block()
    {
        // FIPS 197, appendix C.1 has the key 00..0f; its plaintext, read as a counter block, is not one of ours, so the
        // expected words come from the same cipher over blocks laid out by hand.
        byte[] seed = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = seed;
        byte[] fips = aes.EncryptEcb(Convert.FromHexString("00112233445566778899aabbccddeeff"), System.Security.Cryptography.PaddingMode.None);
        Assert.Equal("69c4e0d86a7b0430d8cdb78070b4c55a", Convert.ToHexStringLower(fips));

        using var masks = new MaskGenerator(seed);
        var words = new ulong[5];
        masks.Fill(MaskDomain.BootstrapKey, 0x0000_0102_0304_0506, 0x0708090a, words.AsSpan());
        byte[] block1 = aes.EncryptEcb(Convert.FromHexString("01000000" + "0a090807" + "060504030201" + "03" + "01"), System.Security.Cryptography.PaddingMode.None);
        Assert.Equal(BitConverter.ToUInt64(block1, 0), words[2]);
        Assert.Equal(BitConverter.ToUInt64(block1, 8), words[3]);
    }

    [Fact]
    public void Golden_words_do_not_change()
    {
        using var masks = new MaskGenerator("BlindGrain golden"u8[..16]);
        var words = new ulong[3];
        masks.Fill(MaskDomain.LweList, 7, 11, words.AsSpan());
        var halves = new uint[3];
        masks.Fill(MaskDomain.KeyswitchKey, 7, 11, halves.AsSpan());
        Assert.Equal("6a79f51d812b88ed ccf7ebd50216e592 fcdb75a953313462", string.Join(' ', words.Select(w => w.ToString("x16", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal("b76657f3 7e5fc718 2b2ddaba", string.Join(' ', halves.Select(w => w.ToString("x8", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_row_does_not_depend_on_how_it_is_asked_for()
    {
        using var masks = new MaskGenerator(new byte[16]);
        var whole = new ulong[3000];
        masks.Fill(MaskDomain.LweList, 0, 3, whole.AsSpan());
        var part = new ulong[100];
        masks.Fill(MaskDomain.LweList, 0, 3, part.AsSpan());
        Assert.Equal(whole[..100], part);
        masks.Fill(MaskDomain.LweList, 0, 4, part.AsSpan());
        Assert.NotEqual(whole[..100], part);
    }

    [Fact]
    public void Gaussian_noise_has_its_moments()
    {
        using SecretGenerator random = SecretGenerator.FromKey(new byte[32]);
        const int Count = 200_000;
        double sum = 0, squares = 0, fourth = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextGaussian();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
        }

        Assert.InRange(sum / Count, -0.012, 0.012);
        Assert.InRange(squares / Count, 0.983, 1.017);
        Assert.InRange(fourth / Count, 2.88, 3.12);
    }

    [Fact]
    public void Streams_of_one_secret_differ_and_repeat()
    {
        using SecretGenerator root = SecretGenerator.FromKey(new byte[32]);
        using SecretGenerator a = root.Fork(1), b = root.Fork(2), again = root.Fork(1);
        ulong first = a.NextWord();
        Assert.NotEqual(first, b.NextWord());
        Assert.Equal(first, again.NextWord());
    }
}
