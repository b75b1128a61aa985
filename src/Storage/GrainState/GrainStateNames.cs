using System.Security.Cryptography;
using System.Text;

namespace BlindGrain.Storage.GrainState;

/// <summary>The blob of a grain's state. Two grains never share one: escaping is reversible, and what is too long ends with its hash.</summary>
internal static class GrainStateNames
{
    private const int MaxSegment = 120;

    public static string For(string stateName, GrainId grain) =>
        $"grains/{Escape(grain.Type.ToString() ?? "")}/{Escape(stateName)}/{Escape(grain.Key.ToString() ?? "")}.json";

    /// <summary>Letters, digits and '-' stay; every other byte of the UTF-8 form becomes '_' and two hexadecimal digits.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '-')
            {
                _ = escaped.Append((char)b);
            }
            else
            {
                _ = escaped.Append('_').Append($"{b:x2}");
            }
        }

        // "_x" is no escape, so a shortened name is never another name's escaped form.
        return escaped.Length switch
        {
            0 => "_x",
            > MaxSegment => $"{escaped.ToString(0, 40)}_x{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}",
            _ => escaped.ToString(),
        };
    }
}
