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

    /// <summary>The connection string of the Azure backend.</summary>
    public string? AzureConnectionString { get; set; }

    /// <summary>The container of the Azure backend, made where it does not exist: 3 to 63 lower-case letters, digits and hyphens.</summary>
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
