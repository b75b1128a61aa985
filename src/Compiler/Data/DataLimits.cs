namespace BlindGrain.Compiler.Data;

/// <summary>Bounds of what data files may make their readers hold, whatever their headers claim.</summary>
internal static class DataLimits
{
    /// <summary>The most numbers of one file: 512 MiB as floats.</summary>
    public const long MaxElements = 1L << 27;

    /// <summary>The most images of a folder.</summary>
    public const int MaxFiles = 1 << 20;

    /// <summary>The largest image file.</summary>
    public const long MaxImageBytes = 1L << 26;
}
