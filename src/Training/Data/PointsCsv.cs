using System.Globalization;
using System.Text;

namespace BlindGrain.Training.Data;

/// <summary>Points as "x,y,label" lines under a header line; floats read back exactly.</summary>
internal static class PointsCsv
{
    /// <summary>The file's bytes (UTF-8).</summary>
    public static byte[] Format(Dataset points)
    {
        var text = new StringBuilder("x,y,label\n");
        for (int i = 0; i < points.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{points.Values[2 * i]:R},{points.Values[(2 * i) + 1]:R},{points.Labels[i]}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
