namespace BlindGrain.Engine.Circuits;

/// <summary>The binary form of a circuit: a section of the <c>.bgc</c> file.</summary>
public static class CircuitFormat
{
    /// <summary>Writes a circuit; the same circuit always gives the same bytes.</summary>
    public static void Write(FheCircuit circuit, BinaryWriter writer) => throw new NotImplementedException();

    /// <summary>Reads a circuit written by <see cref="Write"/>; lengths are bounded before memory is taken.</summary>
    /// <exception cref="FormatException">The bytes are not such a circuit; the message says what is wrong.</exception>
    public static FheCircuit Read(BinaryReader reader) => throw new NotImplementedException();
}
