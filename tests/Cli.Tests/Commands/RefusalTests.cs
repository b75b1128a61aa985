using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Cli.Tests.Commands;

/// <summary>What cannot be used is refused with one clear line, exit code 2, and nothing left behind.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_file_that_is_no_onnx_is_refused()
    {
        await File.WriteAllTextAsync(_folder.File("notes.onnx"), "these are only some notes, not a network");
        await Refused(["compile", _folder.File("notes.onnx"), "-o", _folder.File("out.bgc")], "no ONNX");
        Assert.Equal(["notes.onnx"], _folder.Files);
    }

    [Fact]
    public async Task A_truncated_network_is_refused()
    {
        byte[] whole = await File.ReadAllBytesAsync(Programs.Checkerboard);
        await File.WriteAllBytesAsync(_folder.File("half.onnx"), whole[..(whole.Length / 2)]);
        await Refused(["compile", _folder.File("half.onnx"), "-o", _folder.File("out.bgc")], "half.onnx");
        Assert.Equal(["half.onnx"], _folder.Files);
    }

    [Fact]
    public Task A_missing_file_is_named() => Refused(["compile", _folder.File("nowhere.onnx"), "-o", _folder.File("out.bgc")], "There is no file", "nowhere.onnx");

    [Fact]
    public async Task An_operator_that_is_not_supported_is_named_with_what_is()
    {
        // The sample with another operator's name of the same length in the place of Relu.
        byte[] bytes = await File.ReadAllBytesAsync(Programs.Checkerboard);
        for (int at = bytes.AsSpan().IndexOf("Relu"u8); at >= 0; at = bytes.AsSpan().IndexOf("Relu"u8))
        {
            "Lupe"u8.CopyTo(bytes.AsSpan(at));
        }

        await File.WriteAllBytesAsync(_folder.File("odd.onnx"), bytes);
        await Refused(["compile", _folder.File("odd.onnx"), "-o", _folder.File("out.bgc")], "Lupe", "Supported:", "Gemm");
        Assert.Equal(["odd.onnx"], _folder.Files);
    }

    [Theory]
    [InlineData("50%")]
    [InlineData("0.5")]
    [InlineData("little")]
    [InlineData("-1%")]
    public async Task A_sigma_out_of_range_is_refused(string sigma)
    {
        await Refused(["compile", Programs.Checkerboard, "-o", _folder.File("out.bgc"), "--sigma", sigma], sigma, "0.05% to 5%");
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("1", "write 2, 3 or 4")]
    [InlineData("5", "write 2, 3 or 4")]
    [InlineData("3 --measure", "one or the other")]
    [InlineData("3 --sets 2", "one or the other")]
    public Task Key_blocks_without_an_estimate_or_with_another_choice_of_parameters_are_refused(string arguments, string what) =>
        Refused(["compile", Programs.Checkerboard, "-o", _folder.File("out.bgc"), "--key-blocks", .. arguments.Split(' ')], what);

    [Fact]
    public Task Contradicting_modes_are_refused() =>
        Refused(["compile", Programs.Checkerboard, "-o", _folder.File("out.bgc"), "--sigma", "1%", "--exact"], "one or the other");

    [Theory]
    [InlineData("exact or approximate", "--mode", "quick")]
    [InlineData("one or the other", "--mode", "exact", "--sigma", "1%")]
    [InlineData("one or the other", "--mode", "approximate", "--p-error", "2^-40")]
    [InlineData("needs a noise", "--mode", "approximate")]
    [InlineData("search for it", "--mode", "approximate", "--sigma", "1%", "--validation", "points.csv")]
    [InlineData("give --mode approximate", "--validation", "points.csv")]
    [InlineData("give --mode approximate", "--mode", "exact", "--tolerance", "1", "--validation", "points.csv")]
    [InlineData("goes with --validation", "--mode", "approximate", "--tolerance", "0.3")]
    [InlineData("above 0 and below 100", "--mode", "approximate", "--tolerance", "0", "--validation", "points.csv")]
    [InlineData("There is no file", "--mode", "approximate", "--validation", "nowhere.csv")]
    public async Task Modes_that_make_no_sense_are_refused(string words, params string[] options)
    {
        await Refused(["compile", Programs.Checkerboard, "-o", _folder.File("out.bgc"), .. options], words);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_tolerance_that_no_parameters_keep_is_refused_with_the_nearest()
    {
        // Three samples, a hundred times each, cannot show a thousandth of a point.
        await File.WriteAllTextAsync(_folder.File("few.csv"), "x,y,label\n0.1,0.2,1\n0.4,0.4,0\n0.9,0.1,1\n");
        await Refused(["compile", Programs.Checkerboard, "-o", _folder.File("out.bgc"), "--mode", "approximate", "--tolerance", "0.001", "--validation", _folder.File("few.csv")], "within 0.001 points", "more samples");
        Assert.Equal(["few.csv"], _folder.Files);
    }

    [Fact]
    public async Task Simulate_refuses_a_seed_without_noise_and_more_samples_than_there_are()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        await Refused(["simulate", file, "--data", Programs.CheckerboardPoints, "--seed", "3"], "--seed goes with --noise");
        await Refused(["simulate", file, "--data", Programs.CheckerboardPoints, "--count", "501"], "501", "500 samples");
        await Refused(["simulate", file, "--data", Programs.CheckerboardPoints, "--count", "0"], "--count");
    }

    [Fact]
    public async Task A_model_that_was_changed_on_disk_is_refused()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await Refused(["inspect", file], "m.bgc");
    }

    [Fact]
    public async Task Data_without_labels_cannot_be_scored()
    {
        string file = _folder.File("m.bgc");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", file]);
        await File.WriteAllTextAsync(_folder.File("points.csv"), "0.1,0.2\n0.3,0.4\n");
        await Refused(["simulate", file, "--data", _folder.File("points.csv")], "label");
        await File.WriteAllTextAsync(_folder.File("points.csv"), "x,y,label\n0.1,0.2,1\n0.3,here,0\n");
        await Refused(["simulate", file, "--data", _folder.File("points.csv")], "line 3", "here");
    }

    [Fact]
    public Task A_command_that_does_not_exist_is_refused() => Refused(["frobnicate"], "frobnicate", "--help");

    [Fact]
    public async Task An_error_with_json_is_one_object_too()
    {
        Finished finished = await Programs.RunAsync(["inspect", _folder.File("nowhere.bgc"), "--json"]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("nowhere.bgc", finished.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_teaches_its_use()
    {
        foreach (string command in new[] { "compile", "inspect", "simulate", "keygen", "serve", "push", "predict", "bench", "demo" })
        {
            Finished help = await Programs.RunAsync([command, "--help"]);
            Assert.Equal(0, help.ExitCode);
            Assert.Contains("--json", help.Output, StringComparison.Ordinal);
            Assert.Contains($"  blindgrain {command}", help.Output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task Refused(string[] arguments, params string[] words)
    {
        Finished finished = await Programs.RunAsync(arguments);
        Assert.Equal(2, finished.ExitCode);
        Assert.Empty(finished.Output);
        string line = Assert.Single(finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("blindgrain: ", line, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
    }
}
