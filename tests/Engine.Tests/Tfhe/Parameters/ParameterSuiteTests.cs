using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Tfhe.Parameters;

public class ParameterSuiteTests
{
    private static readonly ParameterSet[] s_sets = [.. ParameterCatalog.All.DistinctBy(p => p.Glwe).Take(3)];

    [Fact]
    public void The_order_of_the_sets_means_nothing()
    {
        ParameterSuite suite = new(s_sets), turned = new([.. s_sets.Reverse()]);
        Assert.Equal(suite, turned);
        Assert.Equal(suite.GetHashCode(), turned.GetHashCode());
        Assert.Equal(string.Join('+', s_sets.Select(p => p.Id).Order(StringComparer.Ordinal)), suite.Id);
        Assert.Equal(suite, ParameterCatalog.FindSuite(suite.Id));
        Assert.NotEqual(suite, new ParameterSuite(s_sets[0], s_sets[1]));
    }

    [Fact]
    public void A_suite_of_one_set_is_named_and_sized_as_the_set()
    {
        ParameterSuite suite = s_sets[0];
        Assert.Equal(s_sets[0].Id, suite.Id);
        Assert.Equal(s_sets[0], suite.Only);
        Assert.Equal(s_sets[0].SeededKeyBytes, suite.SeededKeyBytes);
        Assert.Equal(s_sets[0].ExpandedKeyBytes, KeyNeeds.All(suite).ExpandedBytes);
        Assert.Equal(suite.Id, KeyNeeds.All(suite).Id);
        Assert.Equal(s_sets[0], ParameterCatalog.FindSuite(suite.Id)?.Only);
    }

    [Fact]
    public void Sets_of_one_k_and_N_share_a_big_key()
    {
        ParameterSet[] wide = [.. ParameterCatalog.All.Where(p => p.PolynomialSize.Value == 2048).Take(2)];
        var suite = new ParameterSuite([.. wide, s_sets[0]]);
        Assert.Equal(2, suite.BigKeys.Count);
        Assert.Equal(suite.SeededKeyBytes, suite.Sets.Sum(suite.SeededKeyBytesOf));

        // A key switch from the other big key comes on top of what each set has alone; what is not needed is not expanded.
        KeyNeeds all = KeyNeeds.All(suite), own = new(suite, suite.Sets.Select(p => new LookupKind(p.Glwe, p)));
        Assert.Equal(6, all.Kinds.Count);
        Assert.True(all.ExpandedBytes > suite.Sets.Sum(p => p.ExpandedKeyBytes));
        Assert.Equal(suite.Sets.Sum(p => p.ExpandedKeyBytes), own.ExpandedBytes);
        Assert.NotEqual(all.Id, own.Id);
        Assert.Equal(own.Id, new KeyNeeds(suite, own.Kinds.Concat(own.Kinds).Reverse()).Id);
        _ = Assert.Throws<ArgumentException>(() => new KeyNeeds(suite, [new LookupKind(s_sets[1].Glwe, s_sets[0])]));
        Assert.Throws<InvalidOperationException>(() => suite.Only);
    }

    [Fact]
    public void Keys_serve_models_of_their_sets()
    {
        string a = s_sets[0].Id, b = s_sets[1].Id, c = s_sets[2].Id;
        Assert.True(ParameterSuite.Serves(a, a));
        Assert.True(ParameterSuite.Serves($"{a}+{b}+{c}", $"{a}+{c}"));
        Assert.True(ParameterSuite.Serves($"{a}+{b}", b));
        Assert.False(ParameterSuite.Serves(a, $"{a}+{b}"));
        Assert.False(ParameterSuite.Serves($"{a}+{b}", c));
        Assert.False(ParameterSuite.Serves($"{a}+{b}", ""));
        Assert.False(ParameterSuite.Serves(a, a[..^1]));
    }

    [Fact]
    public void What_is_no_suite_is_refused()
    {
        _ = Assert.Throws<ArgumentException>(() => new ParameterSuite());
        _ = Assert.Throws<ArgumentException>(() => new ParameterSuite([.. ParameterCatalog.All.Take(5)]));
        _ = Assert.Throws<ArgumentException>(() => new ParameterSuite(s_sets[0], s_sets[0]));
        ArgumentException e = Assert.Throws<ArgumentException>(() => new ParameterSuite(s_sets[0], ParameterCatalog.For(KeyDistribution.BlockBinary(2))[0]));
        Assert.Contains("key blocks", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("{0}+")]
    [InlineData("{0}+{0}")]
    [InlineData("{1}+{0}")]
    [InlineData("{0}+n1-k1-N256-000000000000")]
    public void An_id_that_is_not_as_it_is_written_finds_nothing(string form)
    {
        string[] ids = [.. s_sets.Take(2).Select(p => p.Id).Order(StringComparer.Ordinal)];
        Assert.Null(ParameterCatalog.FindSuite(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, ids)));
    }

    [Fact]
    public void A_thousand_sets_in_an_id_find_nothing() =>
        Assert.Null(ParameterCatalog.FindSuite(string.Join('+', Enumerable.Range(0, 1000).Select(i => ParameterCatalog.All[i % 40].Id))));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_file_of_a_number_of_sets_that_there_cannot_be_is_refused(int count)
    {
        FormatException e = Assert.Throws<FormatException>(() => EvaluationKey.ReadParameters(File(count, s_sets)));
        Assert.Contains("parameter sets", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_equal_sets_or_of_sets_in_another_order_is_refused()
    {
        ParameterSet[] ordered = [.. s_sets.OrderBy(p => p.Id, StringComparer.Ordinal)];
        Assert.Equal(new ParameterSuite(s_sets), EvaluationKey.ReadParameters(File(3, ordered)));
        foreach (ParameterSet[] wrong in new[] { [ordered[1], ordered[0]], new[] { ordered[0], ordered[0] } })
        {
            FormatException e = Assert.Throws<FormatException>(() => EvaluationKey.ReadParameters(File(2, wrong)));
            Assert.Contains("rising id", e.Message, StringComparison.Ordinal);
        }
    }

    private static MemoryStream File(int count, ParameterSet[] sets)
    {
        var stream = new MemoryStream();
        using var writer = new FormatWriter(stream, "BGEK", 3);
        writer.WriteInt32(count);
        foreach (ParameterSet set in sets)
        {
            ParameterSetFormat.Write(set, writer);
        }

        writer.WriteBytes([1]);
        stream.Position = 0;
        return stream;
    }
}
