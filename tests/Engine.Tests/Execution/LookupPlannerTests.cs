using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tests.Execution;

public class LookupPlannerTests(ITestOutputHelper output)
{
    private static readonly ParameterOptimizer s_oneSet = new(CostModel.Reference, threads: 1, maxSets: 1);

    [Theory]
    [InlineData(6, -40)]
    [InlineData(6, -128)]
    [InlineData(7, -128)]
    [InlineData(8, -128)]
    public void Spare_noise_buys_fewer_steps_and_the_error_target_still_holds(int bits, double log2PError)
    {
        var model = CompiledModel.Create(Circuit(bits, 2), new ExecutionMode.Exact(log2PError), s_oneSet);
        RotationPlan plan = model.Plan(1), full = RotationPlan.Full(model.Parameters.Only);
        output.WriteLine($"{bits} bits, 2^{log2PError}: {model.Parameters}: {plan}, {plan.StepsPerElement:F3} of {full.StepsPerElement:F3} steps an element");
        Assert.InRange(model.Log2PError(1), -200, log2PError);
        Assert.True(plan.StepsPerElement < 0.97 * full.StepsPerElement);
    }

    [Fact]
    public void A_narrow_look_up_of_a_wide_model_takes_a_small_table()
    {
        // 7 bits, then 2: the parameters follow from the wide look-up, the work of the narrow one does not.
        FheCircuit circuit = Circuit(7, 2);
        var model = CompiledModel.Create(circuit, new ExecutionMode.Exact(), s_oneSet);
        Assert.True(model.Plan(1).Log2Extension > 1);
        Assert.Equal(new RotationPlan(0), model.Plan(3));
        Assert.InRange(model.Log2PError(3), double.MinValue, -40);
        (ClientKey client, _, ServerKey server) = TestKeys.For(model.Parameters);
        var cryptor = new ModelCryptor(model, client);
        using var executor = new EncryptedExecutor(model, server, 2);
        int[] input = [-64, -33, -1, 0, 1, 31, 32, 63];
        Assert.Equal(new ClearExecutor(circuit).Run(input), cryptor.Decrypt(executor.Run(cryptor.Encrypt(input).Expand(model.Parameters))));
    }

    [Fact]
    public void Approximate_mode_spends_what_its_deviation_leaves()
    {
        var model = CompiledModel.Create(Circuit(7, 2), new ExecutionMode.Approximate(0.004));
        Assert.InRange(model.Sigma(1), 0, 0.004);
        Assert.InRange(model.Sigma(3), 0, 0.004);
    }

    /// <summary>Eight values of <paramref name="first"/> bits are looked up twice, and their sixteenths (of fewer bits) once more.</summary>
    private static FheCircuit Circuit(int first, int second)
    {
        int half = 1 << (first - 1), small = 1 << (second - 1);
        var identity = new LookupTable(-half, [.. Enumerable.Range(-half, 2 * half)]);
        var coarse = new LookupTable(-half, [.. Enumerable.Range(-half, 2 * half).Select(v => (int)Math.Floor(v * (double)small / half))]);
        var mirror = new LookupTable(-small, [.. Enumerable.Range(-small, 2 * small).Select(v => -v)]);
        int[] one = new int[8];
        return new FheCircuit(
            "two widths",
            new CircuitInput([8], new UniformQuantizer(1, 0, first, signed: true, narrow: false), [1], [0]),
            [new LookupStep("identity", 0, [identity], one), new LookupStep("wide", 1, [identity], one), new LookupStep("coarse", 2, [coarse], one), new LookupStep("narrow", 3, [mirror], one)],
            new CircuitOutput(4, [8], [1], [0]));
    }
}
