namespace BlindGrain.Compiler;

/// <summary>Writes QONNX's rounding modes in standard operators.</summary>
/// <param name="writer">The graph.</param>
/// <param name="hasRound">Whether its operator set has Round.</param>
internal sealed class RoundingWriter(NodeWriter writer, bool hasRound)
{
    private const float MaxMagnitude = 1 << 22;

    /// <summary>1.5 · 2^23: a float this large has no fraction, and rounds half to even.</summary>
    private const float WholesOnly = 3 << 22;

    /// <summary>Rounds by a mode; half to even where it is unknown.</summary>
    public string By(string mode, string x) => mode.ToUpperInvariant() switch
    {
        "FLOOR" => writer.Add("Floor", x),
        "CEIL" => writer.Add("Ceil", x),
        "ROUND_TO_ZERO" or "DOWN" => Signed(x, "Floor", 0),
        "UP" => Signed(x, "Ceil", 0),
        "HALF_UP" => Signed(x, "Floor", 0.5f),
        "HALF_DOWN" => Signed(x, "Ceil", -0.5f),
        _ => HalfEven(x),
    };

    /// <summary>Rounds half to even. Without the operator: beyond 2^22, where quantizers clip in any case, numbers are clipped.</summary>
    public string HalfEven(string x)
    {
        if (hasRound)
        {
            return writer.Add("Round", x);
        }

        string bounded = writer.Add("Min", writer.Add("Max", x, writer.Scalar(-MaxMagnitude)), writer.Scalar(MaxMagnitude));
        return writer.Add("Sub", writer.Add("Add", bounded, writer.Scalar(WholesOnly)), writer.Scalar(WholesOnly));
    }

    /// <summary>sign(x) · op(|x| + shift).</summary>
    private string Signed(string x, string op, float shift) =>
        writer.Add("Mul", writer.Add("Sign", x), writer.Add(op, writer.Add("Add", writer.Add("Abs", x), writer.Scalar(shift))));
}
