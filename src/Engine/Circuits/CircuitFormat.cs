using System.Text;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Circuits;

/// <summary>
/// The binary form of a circuit: a section of the <c>.bgc</c> file. Little-endian; strings are UTF-8 with a 16-bit length,
/// arrays have a 32-bit length. The same circuit always gives the same bytes.
/// </summary>
public static class CircuitFormat
{
    private const byte FormatVersion = 3;
    private const byte LinearKind = 1;
    private const byte LookupKind = 2;

    /// <summary>Writes a circuit.</summary>
    public static void Write(FheCircuit circuit, BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        WriteString(writer, circuit.Name);
        WriteInput(writer, circuit.Input);
        writer.Write(circuit.Steps.Count);
        foreach (CircuitStep step in circuit.Steps)
        {
            WriteStep(writer, step);
        }

        writer.Write(circuit.Output.Value);
        WriteInts(writer, circuit.Output.Shape);
        WriteFloats(writer, circuit.Output.Scale);
        WriteFloats(writer, circuit.Output.Bias);
        ClientOperation? operation = circuit.Output.Operation;
        writer.Write((byte)(operation?.Function ?? 0));
        if (operation is not null)
        {
            writer.Write(operation.Axis);
            writer.Write(operation.Count);
            writer.Write((byte)(operation.KeepAxis ? 1 : 0));
        }
    }

    /// <summary>Reads a circuit written by <see cref="Write"/>. Memory is taken as bytes arrive, so a short input that claims to be long costs little.</summary>
    /// <exception cref="FormatException">The bytes are not such a circuit; the message says what is wrong.</exception>
    public static FheCircuit Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            return ReadCircuit(new CircuitReader(reader));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or EndOfStreamException)
        {
            throw new FormatException(e is EndOfStreamException ? "The circuit was cut short." : $"The circuit is not valid: {e.Message}", e);
        }
    }

    private static FheCircuit ReadCircuit(CircuitReader reader)
    {
        byte version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new FormatException($"The circuit is of format version {version}; this build reads version {FormatVersion}.");
        }

        string name = reader.ReadString();
        CircuitInput input = ReadInput(reader);
        int count = reader.ReadCount(CircuitReader.MaxSteps, "steps");
        var steps = new List<CircuitStep>();
        for (int i = 0; i < count; i++)
        {
            steps.Add(ReadStep(reader));
        }

        int value = reader.ReadInt32();
        int[] shape = reader.ReadInts();
        float[] scale = reader.ReadFloats(), bias = reader.ReadFloats();
        byte function = reader.ReadByte();
        ClientOperation? operation = function == 0 ? null : new ClientOperation((ClientFunction)function, reader.ReadInt32(), reader.ReadInt32(), reader.ReadByte() != 0);
        return new FheCircuit(name, input, steps, new CircuitOutput(value, shape, scale, bias, operation));
    }

    private static void WriteInput(BinaryWriter writer, CircuitInput input)
    {
        WriteInts(writer, input.Shape);
        writer.Write(input.Quantizer.Scale);
        writer.Write(input.Quantizer.ZeroPoint);
        writer.Write((byte)input.Quantizer.Bits);
        writer.Write((byte)((input.Quantizer.Signed ? 1 : 0) | (input.Quantizer.Narrow ? 2 : 0)));
        WriteFloats(writer, input.Multiplier);
        WriteFloats(writer, input.Offset);
    }

    private static CircuitInput ReadInput(CircuitReader reader)
    {
        int[] shape = reader.ReadInts();
        float scale = reader.ReadFloat();
        int zeroPoint = reader.ReadInt32();
        byte bits = reader.ReadByte(), flags = reader.ReadByte();
        if (flags > 3)
        {
            throw new FormatException($"The input quantizer has unknown flags {flags}.");
        }

        var quantizer = new UniformQuantizer(scale, zeroPoint, bits, (flags & 1) != 0, (flags & 2) != 0);
        return new CircuitInput(shape, quantizer, reader.ReadFloats(), reader.ReadFloats());
    }

    private static void WriteStep(BinaryWriter writer, CircuitStep step)
    {
        switch (step)
        {
            case LinearStep linear:
                writer.Write(LinearKind);
                WriteString(writer, step.Name);
                WriteFacts(writer, step);
                writer.Write(linear.Terms.Count);
                foreach (LinearTerm term in linear.Terms)
                {
                    writer.Write(term.Source);
                    writer.Write(term.Matrix.Rows);
                    writer.Write(term.Matrix.Columns);
                    WriteInts(writer, term.Matrix.RowStart);
                    WriteInts(writer, term.Matrix.Column);
                    WriteInts(writer, term.Matrix.Weight);
                }

                writer.Write(linear.Bias.Length);
                foreach (long b in linear.Bias)
                {
                    writer.Write(b);
                }

                writer.Write((byte)(linear.Bound is null ? 0 : 1));
                foreach (ValueRange bound in linear.Bound ?? [])
                {
                    writer.Write(bound.Min);
                    writer.Write(bound.Max);
                }

                break;
            case LookupStep lookup:
                writer.Write(LookupKind);
                WriteString(writer, step.Name);
                WriteFacts(writer, step);
                writer.Write(lookup.Source);
                writer.Write(lookup.Tables.Count);
                foreach (LookupTable table in lookup.Tables)
                {
                    writer.Write(table.InputMin);
                    WriteInts(writer, table.Outputs);
                }

                WriteInts(writer, lookup.TableOfElement);
                break;
            default:
                throw new ArgumentException($"Step '{step.Name}' is of a kind that has no binary form.", nameof(step));
        }
    }

    private static void WriteFacts(BinaryWriter writer, CircuitStep step)
    {
        WriteInts(writer, step.Shape);
        writer.Write(step.Operators.Count);
        foreach (string name in step.Operators)
        {
            WriteString(writer, name);
        }
    }

    private static string[] ReadOperators(CircuitReader reader)
    {
        var operators = new string[reader.ReadCount(CircuitStep.MaxFacts, "operators of a step")];
        for (int i = 0; i < operators.Length; i++)
        {
            operators[i] = reader.ReadString();
        }

        return operators;
    }

    private static CircuitStep ReadStep(CircuitReader reader)
    {
        byte kind = reader.ReadByte();
        string name = reader.ReadString();
        int[] shape = reader.ReadInts();
        string[] operators = ReadOperators(reader);
        switch (kind)
        {
            case LinearKind:
                int termCount = reader.ReadCount(CircuitReader.MaxSteps, "terms");
                var terms = new List<LinearTerm>();
                for (int t = 0; t < termCount; t++)
                {
                    terms.Add(new LinearTerm(reader.ReadInt32(), new SparseMatrix(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInts(), reader.ReadInts(), reader.ReadInts())));
                }

                long[] bias = reader.ReadLongs();
                return new LinearStep(name, terms, bias, ReadBound(reader, bias.Length)) { Shape = shape, Operators = operators };
            case LookupKind:
                int source = reader.ReadInt32();
                int tableCount = reader.ReadCount(CircuitReader.MaxElements, "tables");
                var tables = new List<LookupTable>();
                for (int t = 0; t < tableCount; t++)
                {
                    tables.Add(new LookupTable(reader.ReadInt64(), reader.ReadInts()));
                }

                return new LookupStep(name, source, tables, reader.ReadInts()) { Shape = shape, Operators = operators };
            default:
                throw new FormatException($"Step '{name}' is of unknown kind {kind}.");
        }
    }

    private static List<ValueRange>? ReadBound(CircuitReader reader, int rows)
    {
        if (reader.ReadByte() == 0)
        {
            return null;
        }

        var bound = new List<ValueRange>();
        for (int r = 0; r < rows; r++)
        {
            bound.Add(new ValueRange(reader.ReadInt64(), reader.ReadInt64()));
        }

        return bound;
    }

    private static void WriteString(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(checked((ushort)bytes.Length));
        writer.Write(bytes);
    }

    private static void WriteInts(BinaryWriter writer, int[] values)
    {
        writer.Write(values.Length);
        foreach (int v in values)
        {
            writer.Write(v);
        }
    }

    private static void WriteFloats(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (float v in values)
        {
            writer.Write(v);
        }
    }
}
