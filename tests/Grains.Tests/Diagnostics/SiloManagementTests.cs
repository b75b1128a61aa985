using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Tests.Diagnostics;

/// <summary>What a silo says about itself over HTTP, as Kubernetes and Prometheus ask it.</summary>
public partial class SiloManagementTests
{
    /// <summary>Labels that the Grafana dashboard names; they look as metrics do.</summary>
    private static readonly string[] s_labels = ["blindgrain_job_phase", "blindgrain_slice_outcome", "blindgrain_key_cache_result"];

    [Fact]
    public async Task A_silo_counts_what_it_computes_and_what_is_left()
    {
        int port = TestSilos.FreePorts(1)[0];
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Management:Port", $"{port}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await silos.DeployAsync("t");
        _ = await silos.SubmitAsync("t", "j", Input());
        JobStatus status = await silos.WaitForEndAsync("t", "j");
        Assert.Equal(JobPhase.Succeeded, status.Phase);

        // The account of a job is closed just after its end is stored.
        Dictionary<string, double> metrics;
        do
        {
            metrics = await ReadAsync(http);
        }
        while (metrics["blindgrain_jobs_active"] != 0);

        Assert.Equal(0, metrics["blindgrain_bootstraps_pending"]);
        Assert.Equal(TestModel.Shared.Model.Rotations, metrics["blindgrain_bootstraps_total"]);
        Assert.Equal(status.SlicesBySilo.Values.Sum(), metrics["blindgrain_slices_total{blindgrain_slice_outcome=\"computed\"}"]);
        Assert.Equal(1, metrics["blindgrain_jobs_total{blindgrain_job_phase=\"succeeded\"}"]);
        Assert.Equal(1, metrics["blindgrain_job_duration_seconds_count{blindgrain_job_phase=\"succeeded\"}"]);
        Assert.Equal(1, metrics["blindgrain_key_cache_requests_total{blindgrain_key_cache_result=\"load\"}"]);
        Assert.Equal(1, metrics["blindgrain_key_cache_load_duration_seconds_count"]);
        Assert.True(metrics["blindgrain_key_cache_usage_bytes"] > 0);
        Assert.True(metrics["blindgrain_key_cache_limit_bytes"] >= metrics["blindgrain_key_cache_usage_bytes"]);

        // The Grafana dashboard asks for nothing that there is not.
        string dashboard = await File.ReadAllTextAsync(Path.Combine(BlindGrain.Tests.SharedData.RepositoryRoot, "deploy", "grafana", "blindgrain.json"), TestContext.Current.CancellationToken);
        HashSet<string> exported = [.. metrics.Keys.Select(k => k.Split('{')[0])];
        string[] asked = [.. MetricName().Matches(dashboard).Select(m => m.Value).Distinct().Where(m => !s_labels.Contains(m))];
        Assert.True(asked.Length >= 9);
        Assert.Empty(asked.Except(exported));
        Assert.All(s_labels, label => Assert.Contains(metrics.Keys, k => k.Contains($"{label}=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_job_has_to_compute_is_pending_until_it_is_cancelled()
    {
        int port = TestSilos.FreePorts(1)[0];
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Management:Port", $"{port}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await silos.DeployAsync("t");

        // A job that does not get its input computes nothing.
        var read = new TaskCompletionSource();
        silos.Store.BeforeOpen = name => name.EndsWith("/input", StringComparison.Ordinal) ? read.Task : Task.CompletedTask;
        _ = await silos.SubmitAsync("t", "j", Input());
        await UntilAsync(http, m => m.GetValueOrDefault("blindgrain_bootstraps_pending") == TestModel.Shared.Model.Rotations);
        _ = await silos.Job("t", "j").Cancel();
        read.SetResult();
        await UntilAsync(http, m => m["blindgrain_bootstraps_pending"] == 0 && m["blindgrain_jobs_active"] == 0);
    }

    [Fact]
    public async Task A_silo_is_alive_and_ready_once_it_is_a_member()
    {
        int port = TestSilos.FreePorts(1)[0];
        await using TestSilos silos = await TestSilos.StartAsync(1, ("Management:Port", $"{port}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using HttpResponseMessage live = await http.GetAsync(new Uri("/health/live", UriKind.Relative)), ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
        Assert.Contains("silo: Healthy", await live.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("membership: Healthy", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("blindgrain_[a-z_]+")]
    private static partial Regex MetricName();

    private static byte[] Input() => TestModel.Shared.Cryptor.Encrypt([1, -2, 3, 0]).ToBytes();

    private static async Task UntilAsync(HttpClient http, Func<Dictionary<string, double>, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Dictionary<string, double> metrics;
        while (!condition(metrics = await ReadAsync(http)))
        {
            Assert.False(patience.IsCancellationRequested, string.Join('\n', metrics));
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Values by name and what labels are our own.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(HttpClient http)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (Match line in Sample().Matches(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))))
        {
            string labels = string.Join(',', line.Groups["labels"].Value.Split(',').Where(l => l.StartsWith("blindgrain_", StringComparison.Ordinal)));
            values[line.Groups["name"].Value + (labels.Length == 0 ? "" : $"{{{labels}}}")] = double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return values;
    }

    [GeneratedRegex(@"^(?<name>blindgrain_\w+)\{(?<labels>[^}]*)\} (?<value>[-0-9.e+]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Sample();
}
