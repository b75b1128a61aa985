using System.Text;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>The <c>.bgc</c> file: mode, parameters, circuit, checksum. Encodings and tables follow from these and are not stored.</summary>
internal static class CompiledModelFormat
{
    private const string Magic = "BGCM";
    private const int MaxCircuitBytes = 1 << 30;

    public static void Write(CompiledModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSetFormat.VersionFor(model.Parameters));
        (int kind, double setting) = model.Mode switch
        {
            ExecutionMode.Exact exact => (0, exact.Log2PError),
            ExecutionMode.Approximate approximate => (1, approximate.Sigma),
            _ => throw new InvalidOperationException("Unknown mode."),
        };
        writer.WriteInt32(kind);
        writer.WriteDouble(setting);
        ParameterSetFormat.Write(model.Parameters, writer);
        using var circuit = new MemoryStream();
        using (var section = new BinaryWriter(circuit, Encoding.UTF8, leaveOpen: true))
        {
            CircuitFormat.Write(model.Circuit, section);
        }

        writer.WriteInt32(checked((int)circuit.Length));
        writer.WriteBytes(circuit.GetBuffer().AsSpan(0, (int)circuit.Length));
        writer.Finish();
    }

    public static CompiledModel Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var reader = new FormatReader(stream, Magic, ParameterSetFormat.NewestVersion, "a compiled model");
        int kind = reader.ReadInt32();
        double setting = reader.ReadDouble();
        ExecutionMode mode = kind switch
        {
            0 => new ExecutionMode.Exact(setting),
            1 => new ExecutionMode.Approximate(setting),
            _ => throw new FormatException($"This is a compiled model of mode {kind}; this build knows modes 0 and 1."),
        };
        ParameterSet parameters = ParameterSetFormat.Read(reader);
        using MemoryStream circuit = ReadSection(reader);
        reader.Finish();
        using var section = new BinaryReader(circuit, Encoding.UTF8);
        FheCircuit parsed = CircuitFormat.Read(section);
        if (circuit.Position != circuit.Length)
        {
            throw new FormatException("This is a compiled model with bytes left over behind its circuit.");
        }

        try
        {
            return CompiledModel.Create(parsed, mode, parameters);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"This is a compiled model that cannot run: {e.Message}", e);
        }
    }

    /// <summary>Reads the circuit's bytes piece by piece, so that a short file that claims a long circuit costs little.</summary>
    private static MemoryStream ReadSection(FormatReader reader)
    {
        int length = reader.ReadInt32();
        if (length is < 1 or > MaxCircuitBytes)
        {
            throw new FormatException($"This is a compiled model that claims a circuit of {length} bytes; 1 to {MaxCircuitBytes} are allowed.");
        }

        var circuit = new MemoryStream();
        byte[] piece = new byte[Math.Min(length, 1 << 16)];
        for (int left = length; left > 0; left -= piece.Length)
        {
            Span<byte> part = piece.AsSpan(0, Math.Min(left, piece.Length));
            reader.ReadBytes(part);
            circuit.Write(part);
        }

        circuit.Position = 0;
        return circuit;
    }
}
