using BlindGrain.Storage.GrainState;

namespace BlindGrain.Storage.Tests.GrainState;

public sealed class GrainStateNamesTests
{
    [Fact]
    public void Different_grains_never_share_a_name()
    {
        string[] names = [.. GrainStorageConformance.Keys.Select(k => GrainStateNames.For("state", GrainId.Create("job", k)))];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, BlobNameRules.Check);
        Assert.Equal("_x", GrainStateNames.Escape(""));
        Assert.NotEqual(GrainStateNames.Escape(""), GrainStateNames.Escape("_x"));
    }
}
