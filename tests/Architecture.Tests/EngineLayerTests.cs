using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using BlindGrain.Engine.Execution;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace BlindGrain.Architecture.Tests;

/// <summary>The layers inside the engine: TFHE knows no networks, circuits know no keys, execution joins them.</summary>
public sealed class EngineLayerTests
{
    private static readonly ArchUnitNET.Domain.Architecture s_engine = new ArchLoader().LoadAssembly(typeof(CompiledModel).Assembly).Build();

    public static TheoryData<string, string> Rules => new()
    {
        // From, may not depend on: regular expressions over full type names.
        { "Tfhe", @"Quantization|Circuits|Execution" },
        { "Circuits", @"Tfhe|Execution" },
        { "Quantization", @"Tfhe|Circuits|Execution|Formats" },
        { "Formats", @"Tfhe|Circuits|Quantization|Execution" },
        { @"Tfhe\.Parameters", @"Tfhe\.(Keys|Ciphertexts|Bootstrapping|Fourier|Random)" },
        { @"Tfhe\.Random", @"Tfhe\.(Keys|Ciphertexts|Bootstrapping|Fourier)" },
        { @"Tfhe\.Fourier", @"Tfhe\.(Keys|Ciphertexts|Bootstrapping|Parameters|Random)" },
        { @"Tfhe\.(Keys|Ciphertexts)", @"Tfhe\.Bootstrapping\.Bootstrapper" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_layer_knows_only_the_layers_below_it(string layer, string forbidden)
    {
        Assert.Empty(Dependencies(layer, forbidden));
    }

    [Fact]
    public void Dependencies_that_exist_are_seen() => Assert.NotEmpty(Dependencies("Execution", "Tfhe"));

    private static string[] Dependencies(string layer, string forbidden)
    {
        IObjectProvider<IType> here = Types().That().HaveFullNameMatching($@"^BlindGrain\.Engine\.({layer})\.");
        IObjectProvider<IType> there = Types().That().HaveFullNameMatching($@"^BlindGrain\.Engine\.({forbidden})(\.|$)");

        // A misspelt namespace would pass every rule.
        Assert.NotEmpty(here.GetObjects(s_engine));
        Assert.NotEmpty(there.GetObjects(s_engine));

        IArchRule rule = Types().That().Are(here).Should().NotDependOnAny(there);
        return [.. rule.Evaluate(s_engine).Where(r => !r.Passed).Select(r => r.Description)];
    }
}
