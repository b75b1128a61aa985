using BlindGrain.Engine.Formats;

namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// The parameters in a file. Versions 1 and 2 of the file have one set (<see cref="ParameterSetFormat"/>); version 3 has several: their number, 2 to 4, and each as in version 1, by
/// rising id. A suite of one set is written as it was before there were suites.
/// </summary>
internal static class ParameterSuiteFormat
{
    /// <summary>The newest version of files with parameters.</summary>
    public const ushort NewestVersion = 3;

    /// <summary>The version of the file that a suite is written in.</summary>
    public static ushort VersionFor(ParameterSuite suite) => suite.Sets.Count > 1 ? NewestVersion : ParameterSetFormat.VersionFor(suite.Only);

    /// <summary>The bytes taken.</summary>
    public static int SizeOf(ParameterSuite suite) => suite.Sets.Sum(ParameterSetFormat.SizeOf) + (suite.Sets.Count > 1 ? sizeof(int) : 0);

    public static void Write(ParameterSuite suite, FormatWriter writer)
    {
        if (suite.Sets.Count > 1)
        {
            writer.WriteInt32(suite.Sets.Count);
        }

        foreach (ParameterSet set in suite.Sets)
        {
            ParameterSetFormat.Write(set, writer);
        }
    }

    /// <summary>Reads a suite; one that could not be constructed, or would be written otherwise, is a <see cref="FormatException"/>.</summary>
    public static ParameterSuite Read(FormatReader reader)
    {
        if (reader.Version < NewestVersion)
        {
            return ParameterSetFormat.Read(reader);
        }

        int count = reader.ReadInt32();
        if (count is < 2 or > ParameterSuite.MaxSets)
        {
            throw new FormatException($"The file claims {count} parameter sets; files of version {NewestVersion} have 2 to {ParameterSuite.MaxSets}.");
        }

        var sets = new ParameterSet[count];
        for (int i = 0; i < count; i++)
        {
            sets[i] = ParameterSetFormat.Read(reader);
            if (i > 0 && string.CompareOrdinal(sets[i - 1].Id, sets[i].Id) >= 0)
            {
                throw new FormatException($"The file's parameter sets are not by rising id: {sets[i].Id} is behind {sets[i - 1].Id}.");
            }
        }

        return new ParameterSuite(sets);
    }
}
