using BlindGrain.Engine.Formats;

namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>A parameter set's numbers in a file: eight 32-bit integers and two doubles.</summary>
internal static class ParameterSetFormat
{
    /// <summary>The bytes taken.</summary>
    public const int Size = (8 * sizeof(int)) + (2 * sizeof(double));

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
    }

    /// <summary>Reads a set; one that could not be constructed is a <see cref="FormatException"/>.</summary>
    public static ParameterSet Read(FormatReader reader)
    {
        int n = reader.ReadInt32(), k = reader.ReadInt32(), size = reader.ReadInt32();
        var bootstrap = new Decomposition(reader.ReadInt32(), reader.ReadInt32());
        var keyswitch = new Decomposition(reader.ReadInt32(), reader.ReadInt32());
        int log2Extension = reader.ReadInt32();
        double small = reader.ReadDouble(), big = reader.ReadDouble();
        try
        {
            return new ParameterSet(new LweDimension(n), new GlweDimension(k), new PolynomialSize(size), bootstrap, keyswitch, log2Extension, small, big);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The file's parameters are refused: {e.Message}", e);
        }
    }
}
