using System.Text;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;

namespace BlindGrain.Engine.Tests.Circuits;

public class CircuitFormatTests
{
    private static readonly FheCircuit s_circuit = new(
        "golden",
        new CircuitInput([2], new UniformQuantizer(0.5f, 0, 3, signed: true, narrow: true), [2], [-1]),
        [
            new LinearStep("linear", [new LinearTerm(0, SparseMatrix.FromDense(new[,] { { 1, -2 }, { 0, 3 }, { 1, 1 } }))], [1, -4, 0]),
            new LookupStep("relu", 1, [new LookupTable(-15, [.. Enumerable.Range(-15, 31).Select(v => Math.Max(v, 0) / 4)])], [0, 0, 0]) { Shape = [3, 1], Operators = ["Mul", "Relu"] },
            new LinearStep("bounded", [new LinearTerm(2, SparseMatrix.FromDense(new[,] { { 1, 1, 0 }, { 0, 0, 1 }, { 1, 0, 0 } }))], [0, 0, 0], [new(0, 6), new(0, 3), new(0, 3)]),
        ],
        new CircuitOutput(3, [3], [0.25f], [0, 1, 2], new ClientOperation(ClientFunction.TopKIndices, 0, 2, KeepAxis: false)));

    [Fact]
    public void A_circuit_survives_its_bytes()
    {
        FheCircuit read = Read(Bytes());
        Assert.Equal(Bytes(), Bytes(read));
        for (int a = -3; a <= 3; a++)
        {
            for (int b = -3; b <= 3; b++)
            {
                Assert.Equal(new ClearExecutor(s_circuit).Run([a, b]), new ClearExecutor(read).Run([a, b]));
            }
        }
    }

    [Fact]
    public void What_a_step_was_made_of_is_kept()
    {
        FheCircuit read = Read(Bytes());
        Assert.Equal(s_circuit.Steps.Select(s => s.Shape), read.Steps.Select(s => s.Shape));
        Assert.Equal(s_circuit.Steps.Select(s => s.Operators), read.Steps.Select(s => s.Operators));
    }

    [Fact]
    public void A_shape_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new LookupStep("l", 0, [new LookupTable(0, [0])], [0, 0, 0]) { Shape = [2, 2] });

    [Fact]
    public void Golden_bytes_do_not_change() =>
        Assert.Equal("5caa8815a89f70c0142ab1ab126b064e47a6fafd42e10b72b043333fbd32687d", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes())));

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] bytes = Bytes();
        for (int length = 0; length < bytes.Length; length++)
        {
            _ = Assert.Throws<FormatException>(() => Read(bytes[..length]));
        }
    }

    [Fact]
    public void Damaged_bytes_give_another_valid_circuit_or_a_clear_refusal()
    {
        byte[] bytes = Bytes();
        var random = new System.Random(11);
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                FheCircuit circuit = Read(damaged);
                _ = new ClearExecutor(circuit).Run(new int[circuit.Input.Length].Select(_ => circuit.Input.Quantizer.QMin).ToArray());
            }
            catch (FormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void A_short_input_that_claims_to_be_long_takes_little_memory()
    {
        byte[] bytes = Bytes();
        int at = 1 + 2 + "golden".Length;
        BitConverter.TryWriteBytes(bytes.AsSpan(at), CircuitReaderLimit);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Assert.Throws<FormatException>(() => Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private const int CircuitReaderLimit = 1 << 26;

    private static byte[] Bytes(FheCircuit? circuit = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        CircuitFormat.Write(circuit ?? s_circuit, writer);
        return stream.ToArray();
    }

    private static FheCircuit Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return CircuitFormat.Read(reader);
    }
}
