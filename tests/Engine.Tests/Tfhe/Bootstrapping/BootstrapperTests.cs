using BlindGrain.Engine.Tfhe.Bootstrapping;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Fourier;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

public class BootstrapperTests
{
    public static TheoryData<int, string> SetsAndPaths()
    {
        var data = new TheoryData<int, string>();
        foreach (int size in new[] { 512, 1024, 2048, 4096, 8192 })
        {
            foreach (SimdPath path in SimdPaths.Supported)
            {
                data.Add(size, path.ToString());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SetsAndPaths))]
    public void Every_message_goes_through_the_table(int size, string path)
    {
        // Table sizes above 2048 are extended: 2 and 4 accumulators.
        ParameterSet p = ParameterCatalog.All.Last(s => s.TableSize == size);
        Bootstrap(p, RotationPlan.Full(p), Enum.Parse<SimdPath>(path));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 63)]
    [InlineData(2, 63)]
    public void Every_message_goes_through_the_table_of_a_cheaper_plan(int log2Extension, int companion) =>
        Bootstrap(ParameterCatalog.All.Last(s => s.TableSize == 8192), new RotationPlan(log2Extension, companion), SimdPaths.Best);

    [Fact]
    public void A_key_that_was_expanded_for_other_instructions_is_refused()
    {
        Assert.SkipWhen(SimdPaths.Best == SimdPath.Portable, "This machine has the portable path only.");
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new Bootstrapper(TestKeys.For(TestKeys.Small).Server.Only, SimdPath.Portable));
        Assert.Contains("another order", refusal.Message, StringComparison.Ordinal);
    }

    private static void Bootstrap(ParameterSet p, RotationPlan plan, SimdPath path)
    {
        const int Bits = 3;
        const int Messages = 1 << Bits;
        int size = p.PolynomialSize.Value << plan.Log2Extension;
        ClientKey client = TestKeys.For(p).Client;
        using ServerKey server = TestKeys.Expand(p, path);
        ulong delta = 1UL << (63 - Bits);
        ulong[] messages = [.. Enumerable.Range(0, Messages).Select(m => (ulong)m * delta)];
        LweBatch input = SeededLweList.Encrypt(client, messages).Expand(p);

        // f(m) = (5m + 3) mod 8; inputs are shifted by half a slot, so boxes are [m, m + 1)·N/8.
        ulong[] table = [.. Enumerable.Range(0, size).Select(j => (ulong)(((5 * (j * Messages / size)) + 3) % Messages) * delta)];
        uint[] offsets = [.. Enumerable.Repeat((uint)(delta >> 33), Messages)];
        var output = new LweBatch(p.BigDimension, Messages);
        using var bootstrapper = new Bootstrapper(server.Only, path);
        bootstrapper.Bootstrap(input, offsets, Enumerable.Repeat(table, Messages).ToArray(), output, plan, []);
        for (int m = 0; m < Messages; m++)
        {
            uint phase = LwePhase.Of(output[m], client.Big);
            int decoded = (int)((((ulong)phase << 32) + (delta / 2)) / delta) % 16;
            Assert.Equal(((5 * m) + 3) % Messages, decoded);
        }
    }
}
