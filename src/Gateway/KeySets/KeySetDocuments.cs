namespace BlindGrain.Gateway.KeySets;

/// <summary>Announces a key set: its parameter set, and the length and SHA-256 (lower-case hexadecimal) of its file.</summary>
internal sealed record KeySetAnnouncement(string? ParameterSet, long Bytes, string? Sha256);

/// <summary>A key set's state; <paramref name="Received"/> is where an interrupted upload goes on.</summary>
internal sealed record KeySetDocument(string Id, string ParameterSet, long Bytes, string Sha256, string State, long Received, DateTimeOffset Created);

/// <summary>Key sets of the tenant, and what to ask for "after" where there are more.</summary>
internal sealed record KeySetListDocument(string[] KeySets, string? Next);
