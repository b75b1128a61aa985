using System.Net;
using System.Text.Json;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Models;

public class CircuitTests(TestServer server)
{
    [Fact]
    public async Task A_circuit_is_told_step_by_step()
    {
        (await server.Alice.Put("/v2/models/drawn/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        JsonElement circuit = (await server.Alice.Get("/v2/models/drawn/versions/1/circuit")).Expect(HttpStatusCode.OK).Json;
        CompiledModel model = TestModel.Shared.Model;

        Assert.Equal("drawn", circuit.GetProperty("model_name").GetString());
        Assert.Equal(model.Parameters.Id, circuit.GetProperty("parameter_set").GetString());
        Assert.Equal(model.Rotations, circuit.GetProperty("bootstraps").GetInt32());
        JsonElement[] steps = [.. circuit.GetProperty("steps").EnumerateArray()];
        Assert.Equal(["input", .. model.Circuit.Steps.Select(s => s.Name)], steps.Select(s => s.GetProperty("name").GetString()!));
        Assert.Equal(model.Rotations, steps.Select(s => s.GetProperty("lookup")).Where(l => l.ValueKind == JsonValueKind.Object).Sum(l => l.GetProperty("rotations").GetInt32()));
        for (int value = 0; value < steps.Length; value++)
        {
            ValueRange[] ranges = model.Circuit.Ranges[value];
            Assert.Equal(ranges.Min(r => r.Min), steps[value].GetProperty("min").GetInt64());
            Assert.Equal(ranges.Max(r => r.Max), steps[value].GetProperty("max").GetInt64());
            Assert.Equal(ranges.Max(r => r.Bits), steps[value].GetProperty("bits").GetInt32());
        }

        Assert.Single(steps, s => s.GetProperty("is_output").GetBoolean());
    }

    [Fact]
    public async Task A_version_that_is_made_anew_is_told_anew()
    {
        (await server.Alice.Put("/v2/models/anew/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        Assert.Equal(4, await InputLength());
        (await server.Alice.Delete("/v2/models/anew/versions/1")).Expect(HttpStatusCode.NoContent);
        _ = (await server.Alice.Get("/v2/models/anew/versions/1/circuit")).ExpectProblem(HttpStatusCode.NotFound, "model_not_found");
        (await server.Alice.Put("/v2/models/anew/versions/1", TestModel.FileOf(6))).Expect(HttpStatusCode.Created);
        Assert.Equal(6, await InputLength());
    }

    private async Task<int> InputLength() =>
        (await server.Alice.Get("/v2/models/anew/versions/1/circuit")).Expect(HttpStatusCode.OK).Json.GetProperty("steps")[0].GetProperty("length").GetInt32();
}
