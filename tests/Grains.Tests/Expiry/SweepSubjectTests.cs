using BlindGrain.Grains.Expiry;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Grains.Tests.Expiry;

public sealed class SweepSubjectTests
{
    [Fact]
    public void Blobs_lead_to_what_they_belong_to()
    {
        var job = new SweepSubject(TenantItemKind.Job, "t", "j");
        var keySet = new SweepSubject(TenantItemKind.KeySet, "t", "k");
        Assert.Equal(job, SweepSubject.Of(BlobNames.JobInput("t", "j")));
        Assert.Equal(job, SweepSubject.Of(BlobNames.JobValue("t", "j", 7)));
        Assert.Equal(keySet, SweepSubject.Of(BlobNames.KeySet("t", "k")));
        Assert.Equal(keySet, SweepSubject.Of(BlobNames.KeySetChunk("t", "k", 64)));
        var upload = new SweepSubject(TenantItemKind.ModelUpload, "t", "m/1");
        Assert.Equal(upload, SweepSubject.Of(BlobNames.Chunk(BlobNames.ModelChunks("t", "m", "1"), 64)));
        Assert.StartsWith(upload.Prefix, BlobNames.ModelChunks("t", "m", "1"), StringComparison.Ordinal);
        Assert.Equal(GrainId.Create("modelupload", "t/m/1"), upload.Grain);
        Assert.Null(SweepSubject.Of("tenants/t/uploads/m/1"));
        Assert.Null(SweepSubject.Of("tenants/t/uploads/m/-1/chunks/0"));
        Assert.Null(SweepSubject.Of(BlobNames.Model("t", "m", "1")));
        Assert.Null(SweepSubject.Of("tenants/t/jobs/j"));
        Assert.Null(SweepSubject.Of("tenants/t/jobs/-x/input"));
        Assert.Null(SweepSubject.Of("grains/job/state/t_2fj.json"));
        Assert.All(new[] { job, keySet }, s => Assert.StartsWith(s.Prefix, s == job ? BlobNames.JobResult("t", "j") : BlobNames.KeySet("t", "k"), StringComparison.Ordinal));
    }
}
