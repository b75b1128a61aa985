namespace BlindGrain.Storage;

/// <summary>Where each kind of blob lies: one place, so that gateway and silos agree. All names are scoped to their tenant.</summary>
public static class BlobNames
{
    /// <summary>The first segment of all names that belong to a tenant, which is the second.</summary>
    public const string Root = "tenants";

    /// <summary>A compiled model (<c>.bgc</c>).</summary>
    public static string Model(string tenant, string model, string version) => $"{Root}/{tenant}/models/{model}/{version}.bgc";

    /// <summary>All blobs of a model that is being uploaded in chunks.</summary>
    public static string ModelUpload(string tenant, string model, string version) => $"{Root}/{tenant}/uploads/{model}/{version}/";

    /// <summary>The prefix of a model's chunks.</summary>
    public static string ModelChunks(string tenant, string model, string version) => $"{ModelUpload(tenant, model, version)}chunks/";

    /// <summary>One chunk of an upload, by its offset; in the order of their names they are the file.</summary>
    public static string Chunk(string prefix, long offset) => $"{prefix}{offset:D16}";

    /// <summary>All blobs of a key set.</summary>
    public static string KeySetFolder(string tenant, string keySet) => $"{Root}/{tenant}/keysets/{keySet}/";

    /// <summary>A committed evaluation key.</summary>
    public static string KeySet(string tenant, string keySet) => $"{KeySetFolder(tenant, keySet)}key";

    /// <summary>One chunk of an evaluation key being uploaded, by its offset.</summary>
    public static string KeySetChunk(string tenant, string keySet, long offset) => Chunk(KeySetChunks(tenant, keySet), offset);

    /// <summary>The prefix of a key set's chunks.</summary>
    public static string KeySetChunks(string tenant, string keySet) => $"{KeySetFolder(tenant, keySet)}chunks/";

    /// <summary>All blobs of a job.</summary>
    public static string Job(string tenant, string job) => $"{Root}/{tenant}/jobs/{job}/";

    /// <summary>A job's encrypted input: a seeded list's bytes.</summary>
    public static string JobInput(string tenant, string job) => $"{Job(tenant, job)}input";

    /// <summary>The ciphertexts of one value, checkpointed.</summary>
    public static string JobValue(string tenant, string job, int value) => $"{Job(tenant, job)}values/{value:D4}";

    /// <summary>A job's result: an LWE batch's bytes.</summary>
    public static string JobResult(string tenant, string job) => $"{Job(tenant, job)}result";
}
