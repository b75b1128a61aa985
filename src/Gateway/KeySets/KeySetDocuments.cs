namespace BlindGrain.Gateway.KeySets;

/// <summary>Announces a key set: its parameter set, and the length and SHA-256 (lower-case hexadecimal) of its file.</summary>
internal sealed record KeySetAnnouncement(string? ParameterSet, long Bytes, string? Sha256);

/// <summary>A key set's state; <paramref name="Received"/> is where an interrupted upload goes on.</summary>
internal sealed record KeySetDocument(string Id, string ParameterSet, long Bytes, string Sha256, string State, long Received, DateTimeOffset Created);

/// <summary>Where a key set's file may be written until <paramref name="Expires"/>, and the headers that the request must have. The address is a secret while it holds.</summary>
internal sealed record DirectUploadDocument(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Expires);

/// <summary>Key sets of the tenant, and what to ask for "after" where there are more.</summary>
internal sealed record KeySetListDocument(string[] KeySets, string? Next);
