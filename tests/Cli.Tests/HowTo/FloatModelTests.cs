using System.Text.Json;
using BlindGrain.Cli.Tests.Running;
using BlindGrain.Tests;

namespace BlindGrain.Cli.Tests.HowTo;

/// <summary>docs/how-to/float-model.md, as written there, up to the encrypted run.</summary>
public sealed class FloatModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Model => SharedData.FileOrSkip("models/cntk_mnist_cnn.onnx");

    private static string FloatCheckerboard => Path.Combine(SharedData.RepositoryRoot, "samples", "checkerboard-float.onnx");

    private static string Calibration => SharedData.FileOrSkip("data/mnist/train10k-images-idx3-ubyte.gz");

    [Fact]
    public async Task A_float_network_is_compiled_by_calibration_data_and_keeps_its_accuracy()
    {
        string file = _folder.File("cnn.bgc");
        JsonElement compiled = await Programs.JsonAsync(
            ["compile", Model, "-o", file, "--calibration", Calibration, "--scale", "1", "--bits", "3", "--input-bits", "4", "--ranges", "calibrated", "--sigma", "1%"]);

        JsonElement[] points = [.. compiled.GetProperty("quantization").EnumerateArray()];
        Assert.Equal(4, points[0].GetProperty("bits").GetInt32());
        Assert.All(points[1..], p => Assert.Equal(3, p.GetProperty("bits").GetInt32()));
        Assert.Contains("calibrated", compiled.GetProperty("ranges").GetString(), StringComparison.Ordinal);
        Assert.InRange(compiled.GetProperty("calibratedRanges").GetProperty("overflowProbability").GetDouble(), 1e-9, 1e-3);
        Assert.InRange(compiled.GetProperty("maxBits").GetInt32(), 8, 12);

        await WriteSubset("images", "t10k-images-idx3-ubyte.gz", 16, 784, 500);
        await WriteSubset("labels", "t10k-labels-idx1-ubyte.gz", 8, 1, 500);
        JsonElement simulated = await Programs.JsonAsync(["simulate", file, "--data", _folder.File("images"), "--labels", _folder.File("labels"), "--scale", "1"]);
        Assert.InRange(simulated.GetProperty("accuracy").GetDouble(), 0.96, 1);
    }

    [Fact]
    public async Task Matched_classes_save_the_committed_float_network_at_three_bits()
    {
        async Task<double> Accuracy(params string[] options)
        {
            string file = _folder.File("checkerboard.bgc");
            _ = await Programs.JsonAsync(["compile", FloatCheckerboard, "-o", file, "--calibration", Programs.CheckerboardPoints, "--calibration-count", "500", "--bits", "3", .. options]);
            JsonElement simulated = await Programs.JsonAsync(["simulate", file, "--data", Programs.CheckerboardPoints]);
            return simulated.GetProperty("accuracy").GetDouble();
        }

        double plain = await Accuracy(), matched = await Accuracy("--match-classes");

        Assert.InRange(matched, 0.9, 1);
        Assert.InRange(plain, 0, matched - 0.1);
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused()
    {
        string file = _folder.File("cnn.bgc");
        await Refused(["compile", Model, "-o", file], "float model", "--calibration");
        await Refused(["compile", Model, "-o", file, "--calibration", Calibration, "--bits", "9"], "--bits", "1 to 8");
        await Refused(["compile", Model, "-o", file, "--calibration", Calibration, "--scale", "1", "--max-bits", "9"], "9 bits", "'");
        await Refused(["compile", Model, "-o", file, "--per-tensor", "--per-channel"], "contradict");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--bits", "4"], "quantized already");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--match-classes"], "quantized already");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--margin", "0.5"], "--ranges calibrated");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--ranges", "calibrated"], "--calibration");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--calibration", Programs.CheckerboardPoints], "quantized already");
        await Refused(["compile", Programs.Checkerboard, "-o", file, "--max-bits", "3"], "more than the allowed 3 bits");
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task Refused(string[] arguments, params string[] words)
    {
        Finished finished = await Programs.RunAsync(arguments);
        Assert.Equal(2, finished.ExitCode);
        Assert.All(words, word => Assert.Contains(word, finished.Error, StringComparison.Ordinal));
    }

    /// <summary>The first elements of an idx file, as a file of their own.</summary>
    private async Task WriteSubset(string name, string source, int header, int size, int count)
    {
        await using FileStream file = File.OpenRead(SharedData.FileOrSkip($"data/mnist/{source}"));
        await using var unzipped = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress);
        var bytes = new byte[header + (size * count)];
        await unzipped.ReadExactlyAsync(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
        await File.WriteAllBytesAsync(_folder.File(name), bytes);
    }
}
