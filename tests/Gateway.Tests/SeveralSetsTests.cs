using System.Net;
using BlindGrain.Client;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Quantization;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests;

/// <summary>Models and key sets of several parameter sets, from the SDK through gateway and silo.</summary>
public sealed class SeveralSetsTests(TestServer server) : IDisposable
{
    private static readonly FheCircuit s_circuit = Circuit();

    /// <summary>Sets under two big keys that both run all of the circuit.</summary>
    private static readonly ParameterSet[] s_sets = [ParameterCatalog.All.First(p => p.SmallDimension.Value == 758), ParameterCatalog.All.First(p => p.PolynomialSize.Value == 1024)];
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-sets-").FullName;

    [Fact]
    public async Task One_key_set_serves_a_model_of_several_sets_and_models_of_some_of_them()
    {
        CompiledModel several = CompiledModel.Create(s_circuit, new ExecutionMode.Exact(), new ParameterPlan(s_circuit, [s_sets[0], s_sets[1]]));
        CompiledModel one = CompiledModel.Create(s_circuit, new ExecutionMode.Exact(), s_sets[1]);
        Assert.NotEqual(several.DimensionOf(0), several.DimensionOf(4));
        using var client = new BlindGrainClient(server.Address, server.AliceKey);
        StoredKey key = new KeyStore(_folder).FindOrCreate(several.Parameters);
        foreach ((string name, CompiledModel model) in new[] { ("several", several), ("some", one) })
        {
            ModelMetadata pushed = await client.PushModelAsync(name, "1", TestModel.Bytes(model.Write));
            Assert.Equal(model.Parameters.Id, pushed.Parameters.ParameterSet);
            CompiledModel read = await client.DownloadModelAsync(name, "1");
            Assert.Equal(key.KeySet, new KeyStore(_folder).FindOrCreate(read.Parameters).KeySet);
            var session = new BlindGrainSession(client, name, "1", read, key.Key, key.KeySet);
            Assert.Equal(name == "several", await session.EnsureKeySetAsync());
            foreach (int[] input in new int[][] { [1, 0, -1, 1], [-1, -1, 1, 1] })
            {
                Prediction prediction = await session.PredictAsync([.. input.Select(v => (float)v)]);
                Assert.Equal(new ClearExecutor(s_circuit).Run(input), prediction.Integers);
                Assert.Equal((8, "succeeded"), (prediction.Job.Progress.BootstrapsDone, prediction.Job.Phase));
            }
        }

        // A key set of one of the sets does not do.
        ClientKey less = ClientKey.Generate(s_sets[1]);
        _ = (await server.Alice.UploadKeySet("less", TestModel.Bytes(less.CreateEvaluationKey().Write), s_sets[1].Id)).Expect(HttpStatusCode.OK);
        byte[] encrypted = new ModelCryptor(several, key.Key).Encrypt([0, 0, 0, 0]).ToBytes();
        Answer refused = (await server.Alice.Infer("several", "less", encrypted)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "parameter_mismatch");
        Assert.Contains(s_sets[1].Id, refused.Text, StringComparison.Ordinal);

        // Neither does an input for another model, though the key set has its parameters too.
        _ = (await server.Alice.Infer("some", key.KeySet, encrypted)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "parameter_mismatch");
    }

    [Fact]
    public async Task Announcements_of_suites_that_cannot_be_are_refused()
    {
        string[] ids = [.. s_sets.Select(p => p.Id).Order(StringComparer.Ordinal)];
        var suite = new ParameterSuite(s_sets);
        long bytes = EvaluationKey.FileSize(suite);
        foreach (string id in new[] { $"{ids[1]}+{ids[0]}", $"{ids[0]}+{ids[0]}", $"{ids[0]}+", $"{suite.Id}+n1-k1-N256-000000000000", string.Join('+', ParameterCatalog.All.Take(5).Select(p => p.Id).Order(StringComparer.Ordinal)) })
        {
            _ = (await server.Alice.PutJson("/v2/keysets/suite", new { parameter_set = id, bytes, sha256 = new string('0', 64) })).ExpectProblem(HttpStatusCode.BadRequest, "unknown_parameter_set");
        }

        _ = (await server.Alice.PutJson("/v2/keysets/suite", new { parameter_set = suite.Id, bytes = bytes - 1, sha256 = new string('0', 64) })).ExpectProblem(HttpStatusCode.BadRequest, "length_mismatch");
        _ = (await server.Alice.PutJson("/v2/keysets/suite", new { parameter_set = suite.Id, bytes, sha256 = new string('0', 64) })).Expect(HttpStatusCode.Created);
        _ = await server.Alice.Delete("/v2/keysets/suite");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Neighbours are added and looked up, twice.</summary>
    private static FheCircuit Circuit()
    {
        var neighbours = new int[4, 4];
        for (int i = 0; i < 4; i++)
        {
            neighbours[i, i] = 1;
            neighbours[i, (i + 1) % 4] = 1;
        }

        LinearTerm Add(int source) => new(source, SparseMatrix.FromDense(neighbours));
        return new FheCircuit(
            "several",
            new CircuitInput([4], new UniformQuantizer(1, 0, 2, signed: true, narrow: true), [1], [0]),
            [
                new LinearStep("add", [Add(0)], new long[4]),
                new LookupStep("step", 1, [new LookupTable(-2, [-1, 0, 0, 1, 1])], new int[4]),
                new LinearStep("add again", [Add(2)], new long[4]),
                new LookupStep("fold", 3, [new LookupTable(-2, [1, 0, 1, 0, 1])], new int[4]),
            ],
            new CircuitOutput(4, [4], [1], [0]));
    }
}
