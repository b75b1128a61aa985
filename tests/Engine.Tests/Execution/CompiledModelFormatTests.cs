using System.Security.Cryptography;
using System.Text;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Formats;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

/// <summary>The <c>.bgc</c> file: version 1 for one parameter set, version 3 for several.</summary>
public class CompiledModelFormatTests
{
    private static readonly FheCircuit s_circuit = MixedCircuit.Create();
    private static readonly ParameterSet s_wide = ParameterCatalog.Find("n870-k1-N2048x4-2ae659f8907e")!;
    private static readonly ParameterSet s_narrow = ParameterCatalog.Find("n797-k2-N1024-d06fc38e59a2")!;
    private static readonly CompiledModel s_several = CompiledModel.Create(s_circuit, new ExecutionMode.Exact(), new ParameterPlan(s_circuit, [s_wide, s_narrow, s_narrow]));

    [Fact]
    public void Golden_bytes_do_not_change()
    {
        Assert.Equal("1b83009ef304490780912d22250895b0d062d5feac1a62eedbd804967b0ac6b2", Hash(Bytes(CompiledModel.Create(s_circuit, new ExecutionMode.Exact(), s_wide))));
        Assert.Equal("3836aacb83ae258454b30b065ab132cc4ae9b19b791f6a0cdc72043a7e1d09dc", Hash(Bytes(s_several)));
    }

    [Fact]
    public void A_model_of_several_sets_survives_its_file()
    {
        byte[] file = Bytes(s_several);
        CompiledModel read = CompiledModel.Read(new MemoryStream(file));
        Assert.Equal(s_several.Parameters, read.Parameters);
        Assert.Equal(s_several.ParameterPlan.Sets, read.ParameterPlan.Sets);
        Assert.Equal(file, Bytes(read));
        Assert.Equal(file, File([s_narrow, s_wide], [1, 0, 0]));
        for (int length = 0; length < file.Length; length++)
        {
            _ = Assert.Throws<FormatException>(() => CompiledModel.Read(new MemoryStream(file, 0, length)));
        }
    }

    [Theory]
    [InlineData("takes parameter set 2; there are 2", 1, 2, 0)]
    [InlineData("takes parameter set 255", 255, 0, 1)]
    [InlineData("take 1 of them", 1, 1, 1)]
    [InlineData("has 3 look-up steps, the plan 4", 1, 0, 0, 1)]
    [InlineData("has 3 look-up steps, the plan 2", 1, 0)]
    [InlineData("claims 1 look-up steps", 1)]
    [InlineData("claims 0 look-up steps")]
    [InlineData("do not run", 0, 0, 1)]
    public void A_plan_that_does_not_fit_is_refused(string message, params int[] assignment)
    {
        FormatException e = Assert.Throws<FormatException>(() => CompiledModel.Read(new MemoryStream(File([s_narrow, s_wide], [.. assignment.Select(i => (byte)i)]))));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_claims_to_be_long_costs_no_memory()
    {
        byte[] file = Bytes(stream =>
        {
            using FormatWriter writer = Head(stream, [s_narrow, s_wide]);
            writer.WriteInt32(int.MaxValue);
            writer.Finish();
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        FormatException e = Assert.Throws<FormatException>(() => CompiledModel.Read(new MemoryStream(file)));
        Assert.Contains("look-up steps", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] File(ParameterSet[] sets, byte[] assignment) => Bytes(stream =>
    {
        using FormatWriter writer = Head(stream, sets);
        writer.WriteInt32(assignment.Length);
        writer.WriteBytes(assignment);
        using var circuit = new MemoryStream();
        using (var section = new BinaryWriter(circuit, Encoding.UTF8, leaveOpen: true))
        {
            CircuitFormat.Write(s_circuit, section);
        }

        writer.WriteInt32((int)circuit.Length);
        writer.WriteBytes(circuit.ToArray());
        writer.Finish();
    });

    private static FormatWriter Head(Stream stream, ParameterSet[] sets)
    {
        var writer = new FormatWriter(stream, "BGCM", 3);
        writer.WriteInt32(0);
        writer.WriteDouble(-40);
        writer.WriteInt32(sets.Length);
        foreach (ParameterSet set in sets)
        {
            ParameterSetFormat.Write(set, writer);
        }

        return writer;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Bytes(CompiledModel model) => Bytes(model.Write);

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
