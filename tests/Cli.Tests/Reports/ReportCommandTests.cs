using System.Text.Json;
using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Cli.Tests.Reports;

/// <summary>Reports by the commands.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_page_the_file_and_standard_output_say_the_same()
    {
        string model = _folder.File("m.bgc"), page = _folder.File("page.html"), file = _folder.File("report.json");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", model, "--report", page]);
        JsonElement printed = await Programs.JsonAsync(["inspect", model, "--report", file]);

        Assert.Equal(printed.ToString(), JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.ToString());
        string[][] rows = Pages.Table(Pages.Parse(await File.ReadAllTextAsync(page)), "Every step with its shapes, ranges and costs");
        JsonElement[] steps = [.. printed.GetProperty("steps").EnumerateArray()];
        Assert.Equal(steps.Select(s => s.GetProperty("name").GetString()), rows.Select(r => r[0]));
        Assert.Equal(
            steps.Select(s => s.GetProperty("lookup") is { ValueKind: JsonValueKind.Object } lookup ? lookup.GetProperty("bootstraps").GetInt64() : 0),
            rows.Select(r => r[9].Length > 0 ? Pages.Number(r[9]) : 0));
        Assert.Equal(["m.bgc", "page.html", "report.json"], _folder.Files);
    }

    [Fact]
    public async Task Compile_measures_every_stage_on_test_samples()
    {
        JsonElement report = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", _folder.File("m.bgc"), "--test", Programs.CheckerboardPoints]);
        JsonElement[] stages = [.. report.GetProperty("evaluation").GetProperty("stages").EnumerateArray()];
        Assert.Equal(["float", "quantized", "noisy"], stages.Select(s => s.GetProperty("stage").GetString()));
        Assert.All(stages, s => Assert.InRange(s.GetProperty("accuracy").GetDouble(), 0.94, 0.98));
    }

    [Fact]
    public async Task A_sweep_of_a_quantized_model_is_refused_before_anything_is_written()
    {
        Finished finished = await Programs.RunAsync(["compile", Programs.Checkerboard, "-o", _folder.File("m.bgc"), "--test", Programs.CheckerboardPoints, "--sweep", "2-8"]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("float model", finished.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_report_of_no_known_form_is_refused_before_anything_is_written()
    {
        Finished finished = await Programs.RunAsync(["compile", Programs.Checkerboard, "-o", _folder.File("m.bgc"), "--report", _folder.File("report.docx")]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(".html", finished.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
