using System.Security.Cryptography;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Grains.Tests;

/// <summary>A small network with real keys at quick, secure parameters, one of its look-ups by a set of its own; made once for all tests of the process.</summary>
internal sealed class TestModel
{
    private static readonly Lazy<TestModel> s_shared = new(() => new TestModel(new(new(864), new(3), new(1024), new(23, 1), new(5, 3))));
    private static readonly Lazy<TestModel> s_ofCatalogue = new(() => new TestModel(Catalogued(918)));
    private static readonly Lazy<TestModel> s_wide = new(() => new TestModel(Catalogued(918), 512));

    private TestModel(ParameterSet other, int width = 32)
    {
        FheCircuit circuit = Circuit(new Random(3), width);
        ParameterSet most = Catalogued(834);
        Model = CompiledModel.Create(circuit, new ExecutionMode.Exact(-28), new ParameterPlan(circuit, [most, other, most, most]));
        ClientKey client = ClientKey.Generate(Model.Parameters);
        Evaluation = client.CreateEvaluationKey();
        Cryptor = new ModelCryptor(Model, client);
        using var model = new MemoryStream();
        Model.Write(model);
        ModelBytes = model.ToArray();
        using var key = new MemoryStream();
        Evaluation.Write(key);
        KeyBytes = key.ToArray();
    }

    /// <summary>With big keys of two dimensions.</summary>
    public static TestModel Shared => s_shared.Value;

    /// <summary>With sets of the catalogue, the only ones that a gateway takes.</summary>
    public static TestModel OfCatalogue => s_ofCatalogue.Value;

    /// <summary>As <see cref="OfCatalogue"/> with layers of so many look-ups that an inference takes seconds.</summary>
    public static TestModel Wide => s_wide.Value;

    public CompiledModel Model { get; }

    public EvaluationKey Evaluation { get; }

    public ModelCryptor Cryptor { get; }

    public byte[] ModelBytes { get; }

    public byte[] KeyBytes { get; }

    private static ParameterSet Catalogued(int smallDimension) => ParameterCatalog.All.First(p => p.SmallDimension.Value == smallDimension);

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public long[] Clear(int[] input) => new ClearExecutor(Model.Circuit).Run(input);

    /// <summary>Three layers of look-ups, the last one two look-ups of the same values; the last linear step also reads the first layer, so that a resumed walk needs an old checkpoint.</summary>
    private static FheCircuit Circuit(Random random, int width)
    {
        CircuitStep[] steps =
        [
            new LinearStep("linear 1", [new LinearTerm(0, Matrix(random, width, 4))], new long[width]),
            Lookup("table 1", 1, random, width),
            new LinearStep("linear 2", [new LinearTerm(2, Matrix(random, width, width))], new long[width]),
            Lookup("table 2", 3, random, width),
            Lookup("table 3", 4, random, width),
            Lookup("table 4", 4, random, width),
            new LinearStep("linear 3", [new LinearTerm(6, Matrix(random, 3, width)), new LinearTerm(5, Matrix(random, 3, width)), new LinearTerm(2, Matrix(random, 3, width))], [3, 0, -3]),
        ];
        return new FheCircuit(
            "test",
            new CircuitInput([4], new UniformQuantizer(1, 0, 3, signed: true, narrow: true), [1], [0]),
            steps,
            new CircuitOutput(7, [3], [1], [0]));
    }

    private static LookupStep Lookup(string name, int source, Random random, int width) =>
        new(name, source, [.. Enumerable.Range(0, 3).Select(_ => new LookupTable(-12, [.. Enumerable.Range(0, 25).Select(_ => random.Next(-1, 2))]))], [.. Enumerable.Range(0, width).Select(i => i % 3)]);

    /// <summary>Three entries of 1 or -1 a row keep the sums within the tables.</summary>
    private static SparseMatrix Matrix(Random random, int rows, int columns)
    {
        var dense = new int[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int e = 0; e < 3; e++)
            {
                dense[r, random.Next(columns)] = random.Next(2) == 0 ? 1 : -1;
            }
        }

        return SparseMatrix.FromDense(dense);
    }
}
