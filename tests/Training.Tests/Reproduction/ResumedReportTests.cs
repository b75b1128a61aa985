using BlindGrain.Engine.Execution;
using BlindGrain.Training.Reproduction;

namespace BlindGrain.Training.Tests.Reproduction;

/// <summary>A report that was cut off goes on where it was.</summary>
public sealed class ResumedReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-resume-").FullName;
    private readonly List<ulong> _trained = [];

    [Fact]
    public async Task What_is_kept_is_not_made_again()
    {
        ReportRow first = await RunAsync([1, 2]);
        ReportRow resumed = await RunAsync([1, 2, 3]);
        ReportRow again = await RunAsync([1, 2, 3]);

        Assert.Equal([1UL, 2, 3], _trained);
        Assert.Equal([1UL, 2, 3], again.Seeds.Select(s => s.Seed));
        Assert.Equal(first.Encrypted, resumed.Encrypted);
        Assert.Equal(2, again.Encrypted.Single().EqualIntegers);
        Assert.Equal(resumed.Seconds, again.Seconds);
    }

    [Fact]
    public async Task Figures_of_other_settings_are_not_taken()
    {
        _ = await RunAsync([1], "some");
        ReportRow other = await RunAsync([1], "others");

        Assert.Equal([1UL, 1], _trained);
        _ = Assert.Single(other.Seeds);
    }

    [Fact]
    public async Task An_encrypted_run_that_is_missing_trains_its_network_again()
    {
        _ = await RunAsync([1], samples: 1);
        ReportRow more = await RunAsync([1], samples: 2);

        Assert.Equal([1UL, 1], _trained);
        Assert.Equal(2, more.Encrypted.Single().Samples);
    }

    [Fact]
    public async Task A_file_that_is_none_of_ours_is_named()
    {
        string file = Path.Combine(_folder, "row.json");
        await File.WriteAllTextAsync(file, "no JSON", TestContext.Current.CancellationToken);

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => RunAsync([1]));

        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_chosen_by_their_name_or_their_group()
    {
        ReproduceSettings settings = Settings() with { Only = ["iris", "ptq-30"] };

        Assert.Equal(["ptq-30", "iris"], ReportRows.Chosen(settings).Select(r => r.Id));
        Assert.Equal(7, ReportRows.Chosen(settings with { Only = ["checkerboard"] }).Count());
        Assert.Equal(ReportRows.All(settings).Count, ReportRows.All(settings).Select(r => r.Id).Distinct().Count());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ReproduceSettings Settings() => new(1, true, [], null, _folder);

    private async Task<ReportRow> RunAsync(ulong[] seeds, string settings = "some", int samples = 2)
    {
        var row = new RowDefinition("iris", "row", "A row", new Theirs(null, null, null, null), settings, (seed, _) =>
        {
            _trained.Add(seed);
            TrainedModel model = SampleRow.Run();
            return model with { Result = model.Result with { Seed = seed } };
        })
        {
            Seeds = seeds,
            Encrypted = [new EncryptedPlan(new ExecutionMode.Exact(), samples, OverRest: false, null)],
        };
        ReproductionReport report = await new ReportRunner(Settings(), _ => { }).RunAsync([row], "./train reproduce", TestContext.Current.CancellationToken);
        return Assert.Single(report.Rows);
    }
}
