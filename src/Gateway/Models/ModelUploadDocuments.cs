using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Models;

/// <summary>Announces a model that is to be sent in chunks: the length and SHA-256 (lower-case hexadecimal) of its file.</summary>
internal sealed record ModelUploadAnnouncement(long Bytes, string? Sha256);

/// <summary>A model's upload; <paramref name="Received"/> is where an interrupted one goes on. "ready": the version is there, with this content.</summary>
internal sealed record ModelUploadDocument(string Name, string Version, long Bytes, string Sha256, string State, long Received, DateTimeOffset Created)
{
    /// <summary>Describes an upload that is under way.</summary>
    public static ModelUploadDocument From(string model, string version, ModelUploadInfo info, long received) => new(model, version, info.Bytes, info.Sha256, "uploading", received, info.Created);

    /// <summary>Describes what needs no upload any more.</summary>
    public static ModelUploadDocument From(ModelInfo info) => new(info.Model, info.Version, info.Bytes, info.Sha256, "ready", info.Bytes, info.Created);
}
