using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Compiler.Tests;

/// <summary>Limits of bit-widths, and rounding.</summary>
public class CompileOptionsTests
{
    [Fact]
    public void Wider_look_ups_than_allowed_are_refused_with_their_names()
    {
        var b = new OnnxBuilder(1, 8);
        string narrow = b.Quant(b.Node("MatMul", [b.Quant("x", 0.5f, 2), b.Constant([8, 2], [.. Enumerable.Range(0, 16).Select(i => i % 8 == 0 ? 1f : 0)])]), 0.5f, 2);
        string wide = b.Quant(b.Node("MatMul", [b.Quant(b.Node("MatMul", [narrow, b.Weights(2, 8)]), 0.5f, 4), b.Weights(8, 3)]), 1, 3);
        byte[] model = b.Build(wide);
        FheCircuit circuit = ModelCompiler.Compile(model, "t", new CompileOptions { MaxBits = 8 }).Circuit;
        int[] bits = [.. circuit.Steps.OfType<LookupStep>().Select(s => circuit.Ranges[s.Source].Max(r => r.Bits))];
        Assert.Equal([3, 4, 5], bits);
        string message = Assert.Throws<UnsupportedModelException>(() => ModelCompiler.Compile(model, "t", new CompileOptions { MaxBits = 3 })).Message;
        LookupStep[] lookups = [.. circuit.Steps.OfType<LookupStep>()];
        Assert.Contains($"'{lookups[1].Name}' (4 bits), '{lookups[2].Name}' (5 bits)", message, StringComparison.Ordinal);
        Assert.DoesNotContain($"'{lookups[0].Name}'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Rounding_leaves_as_many_plateaus_as_asked_for(int bits)
    {
        byte[] model = Model();
        FheCircuit exact = ModelCompiler.Compile(model, "t"), rounded = ModelCompiler.Compile(model, "t", new CompileOptions { RoundingBits = bits }).Circuit;
        Assert.Equal(exact.Bootstraps, rounded.Bootstraps);
        LookupStep[] tables = [.. rounded.Steps.OfType<LookupStep>()];
        foreach ((LookupStep before, LookupStep after) in exact.Steps.OfType<LookupStep>().Zip(tables))
        {
            foreach ((LookupTable whole, LookupTable coarse) in before.Tables.Zip(after.Tables))
            {
                Assert.Equal(whole.Domain, coarse.Domain);
                Assert.InRange(coarse.Outputs.Zip(coarse.Outputs.Skip(1)).Count(p => p.First != p.Second) + 1, 1, 1 << bits);
            }
        }
    }

    [Fact]
    public void Rounding_to_more_bits_than_there_are_changes_nothing()
    {
        byte[] model = Model();
        FheCircuit exact = ModelCompiler.Compile(model, "t"), rounded = ModelCompiler.Compile(model, "t", new CompileOptions { RoundingBits = 16 }).Circuit;
        var random = new Random(3);
        for (int trial = 0; trial < 50; trial++)
        {
            int[] q = [.. Enumerable.Range(0, 6).Select(_ => random.Next(-8, 8))];
            Assert.Equal(new ClearExecutor(exact).Run(q), new ClearExecutor(rounded).Run(q));
        }
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(21, null)]
    [InlineData(null, 0)]
    [InlineData(null, 17)]
    public void Settings_outside_their_ranges_are_refused(int? maxBits, int? roundingBits) =>
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => ModelCompiler.Compile(Model(), "t", new CompileOptions { MaxBits = maxBits, RoundingBits = roundingBits }));

    /// <summary>A rising function, so that each step of its table tells two plateaus apart.</summary>
    private static byte[] Model()
    {
        var b = new OnnxBuilder(1, 6);
        string h = b.Quant(b.Node("MatMul", [b.Quant("x", 0.5f, 4), b.Weights(6, 4)]), 0.125f, 8);
        return b.Build(b.Node("MatMul", [h, b.Weights(4, 2)]));
    }
}
