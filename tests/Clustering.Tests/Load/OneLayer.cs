using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Clustering.Tests.Load;

/// <summary>The smallest network that there is: one layer of look-ups, as many as wanted. Made once for all tests of the process.</summary>
internal sealed class OneLayer
{
    private static readonly Lazy<OneLayer> s_shared = new(() => new OneLayer(2));

    private OneLayer(int length)
    {
        Model = CompiledModel.Create(Circuit(length), new ExecutionMode.Exact());
        ClientKey client = ClientKey.Generate(Model.Parameters);
        Evaluation = client.CreateEvaluationKey();
        Cryptor = new ModelCryptor(Model, client);
        ModelBytes = Bytes(Model.Write);
        KeyBytes = Bytes(Evaluation.Write);
    }

    public static OneLayer Shared => s_shared.Value;

    public CompiledModel Model { get; }

    public EvaluationKey Evaluation { get; }

    public ModelCryptor Cryptor { get; }

    public byte[] ModelBytes { get; }

    public byte[] KeyBytes { get; }

    /// <summary>Of each input whether it is positive; the number of those.</summary>
    public static long Clear(int[] input) => input.Count(v => v > 0);

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static FheCircuit Circuit(int length)
    {
        var sum = new int[1, length];
        for (int i = 0; i < length; i++)
        {
            sum[0, i] = 1;
        }

        return new FheCircuit(
            "one layer",
            new CircuitInput([length], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]),
            [
                new LookupStep("step", 0, [new LookupTable(-1, [0, 0, 1])], new int[length]),
                new LinearStep("sum", [new LinearTerm(1, SparseMatrix.FromDense(sum))], [0]),
            ],
            new CircuitOutput(2, [1], [1], [0]));
    }
}
