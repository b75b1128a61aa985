using BlindGrain.Engine.Formats;

namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// A parameter set's numbers in a file: eight 32-bit integers and two doubles; in the second version of the file, the length of key blocks as a 32-bit integer. Files
/// of one set for uniform keys are written in the first version.
/// </summary>
internal static class ParameterSetFormat
{
    /// <summary>The version of files with key blocks.</summary>
    private const ushort BlockVersion = 2;

    /// <summary>The version of the file that a set is written in.</summary>
    public static ushort VersionFor(ParameterSet p) => p.Keys.IsUniform ? (ushort)1 : BlockVersion;

    /// <summary>The bytes taken.</summary>
    public static int SizeOf(ParameterSet p) => (8 * sizeof(int)) + (2 * sizeof(double)) + (p.Keys.IsUniform ? 0 : sizeof(int));

    public static void Write(ParameterSet p, FormatWriter writer)
    {
        writer.WriteInt32(p.SmallDimension.Value);
        writer.WriteInt32(p.GlweDimension.Value);
        writer.WriteInt32(p.PolynomialSize.Value);
        writer.WriteInt32(p.Bootstrap.BaseLog);
        writer.WriteInt32(p.Bootstrap.Levels);
        writer.WriteInt32(p.Keyswitch.BaseLog);
        writer.WriteInt32(p.Keyswitch.Levels);
        writer.WriteInt32(p.Log2Extension);
        writer.WriteDouble(p.Log2SmallStd);
        writer.WriteDouble(p.Log2BigStd);
        if (!p.Keys.IsUniform)
        {
            writer.WriteInt32(p.Keys.BlockLength);
        }
    }

    /// <summary>Reads a set; one that could not be constructed is a <see cref="FormatException"/>.</summary>
    public static ParameterSet Read(FormatReader reader)
    {
        int n = reader.ReadInt32(), k = reader.ReadInt32(), size = reader.ReadInt32();
        var bootstrap = new Decomposition(reader.ReadInt32(), reader.ReadInt32());
        var keyswitch = new Decomposition(reader.ReadInt32(), reader.ReadInt32());
        int log2Extension = reader.ReadInt32();
        double small = reader.ReadDouble(), big = reader.ReadDouble();
        int? blockLength = reader.Version == BlockVersion ? reader.ReadInt32() : null;
        try
        {
            KeyDistribution keys = blockLength is { } length ? KeyDistribution.BlockBinary(length) : KeyDistribution.Uniform;
            return new ParameterSet(new LweDimension(n), new GlweDimension(k), new PolynomialSize(size), bootstrap, keyswitch, log2Extension, small, big, keys);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The file's parameters are refused: {e.Message}", e);
        }
    }
}
