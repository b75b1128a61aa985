namespace BlindGrain.Storage.Hosting;

/// <summary>Where blobs and grain state lie; section "Storage" of the configuration.</summary>
public sealed class StorageOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Storage";

    /// <summary>The backend; the file system by default.</summary>
    public StorageBackend Backend { get; set; }

    /// <summary>The folder of the file system backend, which all silos and gateways share; made where it does not exist.</summary>
    public string Folder { get; set; } = "./data";

    /// <summary>Azure, with the account's key: the connection string. Never logged.</summary>
    public string? AzureConnectionString { get; set; }

    /// <summary>Azure, with a shared access signature: the container's URI with the signature in its query. The container must exist. Never logged.</summary>
    public string? AzureSasUri { get; set; }

    /// <summary>
    /// Azure, with an identity and no secret: the account's blob endpoint, such as https://ACCOUNT.blob.core.windows.net. The identity is
    /// the host's managed or workload identity, or what else Azure's default credential finds.
    /// </summary>
    public string? AzureServiceUri { get; set; }

    /// <summary>The client id of a user-assigned identity to use with <see cref="AzureServiceUri"/>; the host's own where empty.</summary>
    public string? AzureClientId { get; set; }

    /// <summary>The container of the Azure backend, made where it does not exist: 3 to 63 lower-case letters, digits and hyphens. A SAS URI names its own.</summary>
    public string AzureContainer { get; set; } = "blindgrain";
}

/// <summary>The kinds of storage.</summary>
public enum StorageBackend
{
    /// <summary>A folder.</summary>
    FileSystem,

    /// <summary>A container of Azure Blob Storage.</summary>
    Azure,
}
