using System.Security.Cryptography;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Gateway.Tests.Fixtures;

/// <summary>A tiny network with real keys; made once for all tests of the process, since keys cost more than most tests.</summary>
internal sealed class TestModel
{
    private static readonly Lazy<TestModel> s_shared = new(() => new TestModel());

    private TestModel()
    {
        Model = CompiledModel.Create(Circuit(4), new ExecutionMode.Exact());
        Key = ClientKey.Generate(Model.Parameters);
        Cryptor = new ModelCryptor(Model, Key);
        File = Bytes(Model.Write);
        KeyFile = Bytes(Key.CreateEvaluationKey().Write);
    }

    public static TestModel Shared => s_shared.Value;

    /// <summary>Other parameters than the model's, precise enough for it, with a small key file.</summary>
    public static ParameterSet OtherParameters { get; } =
        ParameterCatalog.All.Where(p => p.Id != Shared.Model.Parameters.Id && p.PolynomialSize.Value >= 1024).MinBy(p => EvaluationKey.FileSize(p))!;

    public CompiledModel Model { get; }

    public ClientKey Key { get; }

    public ModelCryptor Cryptor { get; }

    public byte[] File { get; }

    public byte[] KeyFile { get; }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    /// <summary>The file of a network as wide as wanted, for the same keys.</summary>
    public static byte[] FileOf(int length) => Bytes(CompiledModel.Create(Circuit(length), new ExecutionMode.Exact(-20), Shared.Model.Parameters.Only).Write);

    /// <summary>The file of the same network with as many outputs as wanted, some 15 bytes each, all of them the sum.</summary>
    public static byte[] LongFile(int outputs)
    {
        FheCircuit circuit = Circuit(4);
        var sum = new SparseMatrix(outputs, 4, [.. Enumerable.Range(0, outputs + 1)], [.. Enumerable.Range(0, outputs).Select(i => i % 4)], [.. Enumerable.Repeat(1, outputs)]);
        var wide = new FheCircuit(
            "long",
            circuit.Input,
            [circuit.Steps[0], circuit.Steps[1], new LinearStep("sum", [new LinearTerm(2, sum)], [.. Enumerable.Range(0, outputs).Select(i => (long)i)])],
            new CircuitOutput(3, [outputs], [1], [0]));
        return Bytes(CompiledModel.Create(wide, new ExecutionMode.Exact(-20), Shared.Model.Parameters.Only).Write);
    }

    /// <summary>An encrypted input of any length under any key: a model of that length encrypts it.</summary>
    public static byte[] Input(ClientKey key, int length)
    {
        CompiledModel model = CompiledModel.Create(Circuit(length), new ExecutionMode.Exact(-5), key.Parameters.Only);
        return new ModelCryptor(model, key).Encrypt(new int[length]).ToBytes();
    }

    public byte[] Encrypt(params int[] values) => Cryptor.Encrypt(values).ToBytes();

    public long[] Decrypt(byte[] result) => Cryptor.Decrypt(new LweBatch(Model.DimensionOf(0), result));

    public long[] Clear(params int[] values) => new ClearExecutor(Model.Circuit).Run(values);

    /// <summary>Neighbours are added and looked up; the first four are added again.</summary>
    private static FheCircuit Circuit(int length)
    {
        var neighbours = new int[length, length];
        var sum = new int[1, length];
        for (int i = 0; i < length; i++)
        {
            neighbours[i, i]++;
            neighbours[i, (i + 1) % length]++;
            sum[0, i] = i < 4 ? 1 : 0;
        }

        var step = new LookupTable(-4, [.. Enumerable.Range(-4, 9).Select(v => v > 0 ? 1 : 0)]);
        return new FheCircuit(
            "neighbours",
            new CircuitInput([length], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]),
            [
                new LinearStep("add", [new LinearTerm(0, SparseMatrix.FromDense(neighbours))], new long[length]),
                new LookupStep("step", 1, [step], new int[length]),
                new LinearStep("sum", [new LinearTerm(2, SparseMatrix.FromDense(sum))], [0]),
            ],
            new CircuitOutput(3, [1], [1], [0]));
    }
}
