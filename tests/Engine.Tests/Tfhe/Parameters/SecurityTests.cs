using System.Globalization;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Tests;

namespace BlindGrain.Engine.Tests.Tfhe.Parameters;

public class SecurityTests
{
    [Fact]
    public void The_132_bit_curve_lies_above_the_estimators_128_bit_points()
    {
        int rows = 0;
        foreach (string line in File.ReadLines(SharedData.FileOrSkip("params/security_128.csv")).Skip(1))
        {
            string[] cells = line.Split(',');
            int dimension = int.Parse(cells[1], CultureInfo.InvariantCulture);
            double least = double.Parse(cells[2], CultureInfo.InvariantCulture);
            if (cells[0] == "64")
            {
                Assert.True(SecurityCurve.Log2Std132(dimension) >= least, $"dimension {dimension}: {SecurityCurve.Log2Std132(dimension)} < {least}");
                rows++;
            }
        }

        Assert.True(rows > 20);
    }

    [Fact]
    public void Every_set_of_the_catalogue_is_on_the_132_bit_curve_and_unique()
    {
        Assert.All(ParameterCatalog.All, p =>
        {
            Assert.Equal(SecurityCurve.Log2Std132(p.SmallDimension.Value), p.Log2SmallStd);
            Assert.Equal(SecurityCurve.Log2Std132(p.BigDimension.Value), p.Log2BigStd);
        });
        Assert.Equal(ParameterCatalog.All.Count, ParameterCatalog.All.Select(p => p.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(400, 2048, 0, 0)] // dimension below every curve
    [InlineData(800, 2048, -19.0, -48.3)] // too little noise under the small key
    [InlineData(800, 2048, -17.2, -52.0)] // too little noise under the big key
    [InlineData(800, 2048, double.NaN, -48.3)]
    public void A_set_below_128_bits_cannot_be_constructed(int small, int size, double log2Small, double log2Big)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => new ParameterSet(
            new LweDimension(small), new GlweDimension(1), new PolynomialSize(size), new Decomposition(23, 1), new Decomposition(3, 5), 0, log2Small, log2Big));
        Assert.Contains("128 bits", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 3, 5)]
    [InlineData(32, 2, 3, 5)]
    [InlineData(23, 1, 17, 1)]
    [InlineData(23, 1, 8, 4)]
    public void Gadgets_that_do_not_fit_their_words_are_refused(int bootstrapBase, int bootstrapLevels, int keyswitchBase, int keyswitchLevels) =>
        Assert.Throws<ArgumentException>(() => new ParameterSet(
            new LweDimension(800), new GlweDimension(1), new PolynomialSize(2048), new Decomposition(bootstrapBase, bootstrapLevels), new Decomposition(keyswitchBase, keyswitchLevels)));

    [Fact]
    public void Sets_with_equal_numbers_have_the_same_id_and_others_do_not()
    {
        ParameterSet p = ParameterCatalog.All[0];
        var same = new ParameterSet(p.SmallDimension, p.GlweDimension, p.PolynomialSize, p.Bootstrap, p.Keyswitch);
        var other = new ParameterSet(p.SmallDimension, p.GlweDimension, p.PolynomialSize, p.Bootstrap, p.Keyswitch with { BaseLog = p.Keyswitch.BaseLog + 1 });
        Assert.Equal(p, same);
        Assert.Equal(p.Id, same.Id);
        Assert.NotEqual(p.Id, other.Id);
    }

    [Theory]
    [InlineData(1.0, 1.0, -1.6560)] // erfc(1/sqrt 2) = 0.31731
    [InlineData(2.0, 1.0, -4.4580)]
    [InlineData(7.2, 1.0, -40.5950)] // erfc(7.2/sqrt 2) = 6.0e-13
    public void The_error_probability_is_that_of_a_Gaussian(double tolerance, double variance, double log2) =>
        Assert.Equal(log2, NoiseModel.Log2PError(tolerance, variance), 0.0002);
}
