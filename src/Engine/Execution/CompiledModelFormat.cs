using System.Text;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// The <c>.bgc</c> file: mode, parameters, circuit, checksum; in version 3, which has several parameter sets, the number of look-up steps behind these and a byte for each, which of the sets it takes.
/// Encodings and tables follow from these and are not stored.
/// </summary>
internal static class CompiledModelFormat
{
    private const string Magic = "BGCM";
    private const int MaxCircuitBytes = 1 << 30;
    private const int MaxLookups = 1 << 20;

    public static void Write(CompiledModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new FormatWriter(stream, Magic, ParameterSuiteFormat.VersionFor(model.Parameters));
        (int kind, double setting) = model.Mode switch
        {
            ExecutionMode.Exact exact => (0, exact.Log2PError),
            ExecutionMode.Approximate approximate => (1, approximate.Sigma),
            _ => throw new InvalidOperationException("Unknown mode."),
        };
        writer.WriteInt32(kind);
        writer.WriteDouble(setting);
        ParameterSuiteFormat.Write(model.Parameters, writer);
        if (model.Parameters.Sets.Count > 1)
        {
            writer.WriteInt32(model.ParameterPlan.Sets.Count);
            writer.WriteBytes([.. model.ParameterPlan.Sets.Select(p => (byte)model.Parameters.IndexOf(p))]);
        }

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
        using var reader = new FormatReader(stream, Magic, ParameterSuiteFormat.NewestVersion, "a compiled model");
        int kind = reader.ReadInt32();
        double setting = reader.ReadDouble();
        ExecutionMode mode = kind switch
        {
            0 => new ExecutionMode.Exact(setting),
            1 => new ExecutionMode.Approximate(setting),
            _ => throw new FormatException($"This is a compiled model of mode {kind}; this build knows modes 0 and 1."),
        };
        ParameterSuite parameters = ParameterSuiteFormat.Read(reader);
        byte[] assignment = parameters.Sets.Count > 1 ? ReadAssignment(reader, parameters.Sets.Count) : [];
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
            return CompiledModel.Create(parsed, mode, parameters.Sets.Count > 1 ? new ParameterPlan(parsed, [.. assignment.Select(i => parameters.Sets[i])]) : ParameterPlan.Of(parsed, parameters.Only));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"This is a compiled model that cannot run: {e.Message}", e);
        }
    }

    /// <summary>Reads which of the sets each look-up takes; every set is taken by one at least, for keys are made and kept for all.</summary>
    private static byte[] ReadAssignment(FormatReader reader, int sets)
    {
        int count = reader.ReadInt32();
        if (count < sets || count > MaxLookups)
        {
            throw new FormatException($"This is a compiled model of {sets} parameter sets that claims {count} look-up steps; {sets} to {MaxLookups} are allowed.");
        }

        var assignment = new byte[count];
        reader.ReadBytes(assignment);
        for (int i = 0; i < count; i++)
        {
            if (assignment[i] >= sets)
            {
                throw new FormatException($"This is a compiled model whose look-up number {i} takes parameter set {assignment[i]}; there are {sets}, from 0 on.");
            }
        }

        int used = assignment.Distinct().Count();
        return used == sets ? assignment : throw new FormatException($"This is a compiled model of {sets} parameter sets whose look-ups take {used} of them.");
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
