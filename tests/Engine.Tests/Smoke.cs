namespace BlindGrain.Engine.Tests;

public class Smoke
{
    [Fact]
    public void T() => Assert.Equal(1, new Circuits.ValueRange(0, 1).Bits);
}
