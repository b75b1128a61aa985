namespace BlindGrain.Grains.Caches;

/// <summary>A key set and the hash of its file: another file under the same id is another key.</summary>
internal readonly record struct KeyName(string Tenant, string KeySet, string Sha256);

/// <summary>A model's version and the hash of its file.</summary>
internal readonly record struct ModelName(string Tenant, string Model, string Version, string Sha256);
