using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class LookupScheduleTests
{
    /// <summary>A set with noise to spare for values of three bits.</summary>
    private static readonly ParameterSet s_parameters = ParameterCatalog.All.First(p => p.TableSize == 2048 && p.PolynomialSize.Value == 2048);

    [Fact]
    public void Two_activations_of_one_tensor_take_one_rotation_an_element()
    {
        FheCircuit circuit = TwoActivations();
        var model = CompiledModel.Create(circuit, new ExecutionMode.Exact(), s_parameters);
        Assert.Equal(16, circuit.Bootstraps);
        Assert.Equal(8, model.Rotations);
        Assert.Same(model.Work(0), model.Work(1));
        Assert.Equal(1, model.Plan(1).Log2Tables);
        Assert.InRange(model.Log2PError(1), double.MinValue, -40);
        AssertRight(model, [-4, -3, -2, -1, 0, 1, 2, 3]);
    }

    [Fact]
    public void Copies_of_an_element_within_a_step_share_too()
    {
        // Element i mod 4 through table i/4, as the compiler writes it: a selection with duplicates, then one step.
        var select = SparseMatrix.FromDense(new int[,] { { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 }, { 0, 1 }, { 1, 0 } });
        var circuit = new FheCircuit(
            "copies",
            Input(2),
            [new LinearStep("select", [new LinearTerm(0, select)], new long[6]), new LookupStep("tables", 1, [Table(v => v), Table(v => -v), Table(v => v * v), Table(v => v > 0 ? 1 : 0)], [0, 1, 2, 3, 1, 1])],
            new CircuitOutput(2, [6], [1], [0]));
        var model = CompiledModel.Create(circuit, new ExecutionMode.Exact(-20), s_parameters);

        // Five look-ups of element 0, four of them on one rotation or two pairs; one of element 1.
        Assert.InRange(model.Rotations, 2, 4);
        foreach (int v in Enumerable.Range(-4, 8))
        {
            AssertRight(model, [v, -1 - v]);
        }
    }

    [Fact]
    public void What_is_not_the_same_ciphertext_is_not_shared()
    {
        var doubled = SparseMatrix.FromDense(new int[,] { { 2, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } });
        var circuit = new FheCircuit(
            "different",
            Input(2),
            [new LinearStep("linear", [new LinearTerm(0, doubled)], [0, 1, 0, 0]), new LookupStep("tables", 1, [Table(v => v, 16)], [0, 0, 0, 0])],
            new CircuitOutput(2, [4], [1], [0]));
        Assert.Equal(4, CompiledModel.Create(circuit, new ExecutionMode.Exact()).Rotations);
    }

    [Fact]
    public void Where_the_noise_allows_no_sharing_each_look_up_has_its_rotation()
    {
        // The cheapest set that meets the target leaves too little for half the boxes.
        FheCircuit circuit = TwoActivations();
        CompiledModel tight = CompiledModel.Create(circuit, new ExecutionMode.Exact());
        double alone = tight.Log2PError(0);
        var model = CompiledModel.Create(circuit, new ExecutionMode.Exact(Math.Ceiling(alone)), tight.Parameters.Only);
        Assert.Equal(16, model.Rotations);
        Assert.Equal(0, model.Plan(0).Log2Tables);
    }

    [Fact]
    public void A_slice_of_shared_rotations_gives_the_same_ciphertexts_as_the_whole()
    {
        var model = CompiledModel.Create(TwoActivations(), new ExecutionMode.Exact(), s_parameters);
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        LweBatch input = new ModelCryptor(model, client).Encrypt([-4, -3, -2, -1, 0, 1, 2, 3]).Expand(model.Parameters);
        using var evaluator = new LookupEvaluator(server);
        LookupWork work = model.Work(1);
        LweBatch whole = evaluator.Apply(model, 1, 0, work.Inputs(input, 0, 8)), part = evaluator.Apply(model, 1, 2, work.Inputs(input, 2, 3));
        Assert.Equal(16, whole.Count);
        Assert.Equal(whole.Slice(4, 6).Data, part.Data);
        LweBatch[] results = work.NewResults();
        _ = Assert.Throws<ArgumentException>(() => work.Place(0, 2, part, results));
    }

    private static void AssertRight(CompiledModel model, int[] input)
    {
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        using var executor = new EncryptedExecutor(model, server, 2);
        Assert.Equal(new ClearExecutor(model.Circuit).Run(input), cryptor.Decrypt(executor.Run(cryptor.Encrypt(input).Expand(model.Parameters))));
    }

    private static FheCircuit TwoActivations()
    {
        int[] one = new int[8];
        var ones = SparseMatrix.FromDense(Identity(8));
        return new FheCircuit(
            "two activations",
            Input(8),
            [
                new LookupStep("relu", 0, [Table(v => Math.Max(v, 0))], one),
                new LookupStep("mirror", 0, [Table(v => -v)], one),
                new LinearStep("sum", [new LinearTerm(1, ones), new LinearTerm(2, ones)], new long[8]),
            ],
            new CircuitOutput(3, [8], [1], [0]));
    }

    private static CircuitInput Input(int length) => new([length], new UniformQuantizer(1, 0, 3, signed: true, narrow: false), [1], [0]);

    private static LookupTable Table(Func<int, int> function, int half = 4) => new(-half, [.. Enumerable.Range(-half, 2 * half).Select(function)]);

    private static int[,] Identity(int size)
    {
        var matrix = new int[size, size];
        for (int i = 0; i < size; i++)
        {
            matrix[i, i] = 1;
        }

        return matrix;
    }
}
