using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Tests.Workers;

public class AdmissionTests
{
    [Fact]
    public void A_tenant_gets_its_share_and_no_more()
    {
        var admission = new Admission(3, 2);
        IDisposable? first = admission.TryEnter("a");
        Assert.NotNull(first);
        Assert.NotNull(admission.TryEnter("a"));
        Assert.Null(admission.TryEnter("a"));
        Assert.NotNull(admission.TryEnter("b"));
        Assert.Null(admission.TryEnter("b"));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(admission.TryEnter("b"));
        Assert.Null(admission.TryEnter("c"));
    }
}
