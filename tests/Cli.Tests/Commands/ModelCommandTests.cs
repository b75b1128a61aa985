using System.Text.Json;
using BlindGrain.Cli.Tests.Running;
using BlindGrain.Tests;

namespace BlindGrain.Cli.Tests.Commands;

/// <summary>compile, inspect and simulate.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Compile_and_inspect_describe_the_same_circuit()
    {
        string file = _folder.File("checkerboard.bgc");
        JsonElement compiled = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        JsonElement inspected = await Programs.JsonAsync(["inspect", file]);

        Assert.Equal(compiled.ToString(), inspected.ToString());
        Assert.Equal(new FileInfo(file).Length, inspected.GetProperty("fileBytes").GetInt64());
        Assert.Equal(-40, inspected.GetProperty("log2PError").GetDouble());
        JsonElement[] layers = [.. inspected.GetProperty("layers").EnumerateArray()];
        Assert.Equal(3, layers.Length);
        Assert.Equal(inspected.GetProperty("bootstraps").GetInt32(), layers.Sum(l => l.GetProperty("bootstraps").GetInt32()));
        Assert.Equal(inspected.GetProperty("maxBits").GetInt32(), layers.Max(l => l.GetProperty("bits").GetInt32()));
        Assert.InRange(inspected.GetProperty("maxBits").GetInt32(), 2, 6);
        Assert.Equal(0, layers[^1].GetProperty("bootstraps").GetInt32());
        Assert.All(layers, layer =>
        {
            Assert.NotEmpty(layer.GetProperty("name").GetString()!);
            Assert.True(layer.GetProperty("accumulatorMin").GetInt64() < layer.GetProperty("accumulatorMax").GetInt64());
        });
        Assert.All(layers[..^1], layer => Assert.True(layer.GetProperty("log2PError").GetDouble() <= -40));
        Assert.True(inspected.GetProperty("keyBytes").GetInt64() > 1_000_000);
        Assert.Equal(["checkerboard.bgc"], _folder.Files);
    }

    [Fact]
    public async Task Inspect_shows_people_layers_ranges_and_key_sizes()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        Finished finished = await Programs.RunAsync(["inspect", file]);

        Assert.Equal(0, finished.ExitCode);
        foreach (string word in new[] { "accumulator", "bootstraps", "parameters", "modelled cost", "evaluation keys" })
        {
            Assert.Contains(word, finished.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Approximate_mode_and_a_smaller_p_error_change_the_parameters()
    {
        JsonElement[] models =
        [
            await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("a.bgc"), "--sigma", "0.5%"]),
            await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("b.bgc"), "--exact"]),
            await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("c.bgc"), "--p-error", "2^-100"]),
        ];
        Assert.Equal(["approximate", "exact", "exact"], models.Select(m => m.GetProperty("mode").GetString()));
        double[] costs = [.. models.Select(m => m.GetProperty("cost").GetDouble())];
        Assert.True(costs[0] < costs[1] && costs[1] < costs[2], string.Join(' ', costs));
        Assert.Equal(0.005, models[0].GetProperty("sigma").GetDouble(), 9);
    }

    [Fact]
    public async Task Key_blocks_are_for_those_who_ask_for_them()
    {
        string uniform = (await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("u.bgc"), "--sigma", "1%"])).GetProperty("parameters").GetProperty("id").GetString()!;
        string blocks = (await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("b.bgc"), "--sigma", "1%", "--key-blocks", "3"])).GetProperty("parameters").GetProperty("id").GetString()!;
        Assert.DoesNotMatch("^n\\d+b", uniform);
        Assert.Matches("^n\\d+b3-", blocks);
    }

    [Fact]
    public async Task Simulate_gives_the_samples_accuracy_on_clear_integers()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        JsonElement simulated = await Programs.JsonAsync(["simulate", file, "--data", Programs.CheckerboardPoints]);
        Assert.Equal(500, simulated.GetProperty("samples").GetInt32());
        Assert.InRange(simulated.GetProperty("accuracy").GetDouble(), 0.94, 1);
    }

    [Fact]
    public async Task Simulate_with_noise_says_what_it_did_to_the_look_ups()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file, "--mode", "approximate", "--sigma", "2%"]);
        string[] simulate = ["simulate", file, "--data", Programs.CheckerboardPoints, "--count", "300", "--noise"];
        JsonElement first = await Programs.JsonAsync(simulate), other = await Programs.JsonAsync([.. simulate, "--seed", "2"]);

        Assert.Equal(300, first.GetProperty("samples").GetInt32());
        Assert.InRange(first.GetProperty("accuracy").GetDouble(), first.GetProperty("accuracyInterval").GetProperty("low").GetDouble(), first.GetProperty("accuracyInterval").GetProperty("high").GetDouble());
        Assert.InRange(first.GetProperty("clearAccuracy").GetDouble(), 0.93, 1);
        Assert.True(first.GetProperty("samplesPerSecond").GetDouble() > 0);
        Assert.Equal(0, first.GetProperty("overflows").GetInt64());
        JsonElement[] lookUps = [.. first.GetProperty("layers").EnumerateArray().SelectMany(l => l.GetProperty("lookUps").EnumerateArray())];
        Assert.Equal(2, lookUps.Length);
        Assert.All(lookUps, l => Assert.InRange(l.GetProperty("sigma").GetDouble(), 0.001, 0.021));
        Assert.NotEqual(lookUps[0].ToString(), other.GetProperty("layers")[0].GetProperty("lookUps")[0].ToString());
    }

    [Fact]
    public async Task Compile_searches_for_the_cheapest_noise_within_a_tolerance()
    {
        string file = _folder.File("m.bgc");
        JsonElement compiled = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file, "--mode", "approximate", "--tolerance", "1", "--validation", Programs.CheckerboardPoints]);
        JsonElement search = compiled.GetProperty("search"), taken = search.GetProperty("candidates").EnumerateArray().Last();

        Assert.Equal("approximate", compiled.GetProperty("mode").GetString());
        Assert.True(taken.GetProperty("accepted").GetBoolean());
        Assert.True(taken.GetProperty("lossInterval").GetProperty("high").GetDouble() <= 0.01);
        Assert.Equal(compiled.GetProperty("sigma").GetDouble(), taken.GetProperty("sigma").GetDouble());
        Assert.Equal(compiled.GetProperty("parameters").GetProperty("id").GetString(), taken.GetProperty("parameters").GetString());
        Assert.True(search.GetProperty("exact").GetProperty("cost").GetDouble() > taken.GetProperty("cost").GetDouble());
        Assert.Equal(["m.bgc"], _folder.Files);
    }

    [Fact]
    public async Task The_public_mnist_network_scores_its_published_accuracy_and_ranges()
    {
        string images = SharedData.FileOrSkip("data/mnist/t10k-images-idx3-ubyte.gz"), labels = SharedData.FileOrSkip("data/mnist/t10k-labels-idx1-ubyte.gz");
        string file = _folder.File("tfc.bgc");
        JsonElement compiled = await Programs.JsonAsync(["compile", SharedData.FileOrSkip("models/TFC_2W2A.onnx"), "-o", file, "--sigma", "0.5%"]);
        JsonElement simulated = await Programs.JsonAsync(["simulate", file, "--data", images, "--labels", labels]);

        Assert.Equal(192, compiled.GetProperty("bootstraps").GetInt32());
        Assert.Equal(10_000, simulated.GetProperty("samples").GetInt32());
        Assert.Equal(0.966, simulated.GetProperty("accuracy").GetDouble(), 12);
        Assert.Equal(
            [(-166, 174), (-35, 36), (-33, 35), (-38, 61)],
            simulated.GetProperty("layers").EnumerateArray().Select(l => (l.GetProperty("accumulatorMin").GetInt32(), l.GetProperty("accumulatorMax").GetInt32())));
    }

    public void Dispose() => _folder.Dispose();
}
