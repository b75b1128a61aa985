using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using BlindGrain.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BlindGrain.Deploy.Tests.Kubernetes;

/// <summary>Alerts and the autoscaler ask for metrics that silos have, under the names that the exporter gives them.</summary>
public partial class MetricTests
{
    [Fact]
    public void Metrics_that_are_asked_for_exist_and_those_that_exist_are_documented()
    {
        HashSet<string> exported = [.. Instruments().SelectMany(Names)];
        Overlay overlay = Overlay.Of("production");
        string[] expressions = [.. overlay.Objects.OfType<PrometheusRule>().SelectMany(r => r.Spec.Groups).SelectMany(g => g.Rules).Select(r => r.Expr),
            .. overlay.Objects.OfType<ScaledObject>().SelectMany(s => s.Spec.Triggers).Select(t => t.Metadata.Query)];
        string[] asked = [.. expressions.SelectMany(e => Metric().Matches(e)).Select(m => m.Groups[1].Value)];
        Assert.Contains("blindgrain_bootstraps_pending", asked);
        Assert.Empty(asked.Except(exported));

        string document = Repository.Read("docs", "operations.md");
        Assert.All(Instruments(), i => Assert.Contains($"`{Names(i)[0]}`", document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_is_documented()
    {
        string document = Repository.Read("docs", "operations.md");
        Assert.All(
            Overlay.Of("production").Objects.OfType<PrometheusRule>().SelectMany(r => r.Spec.Groups).SelectMany(g => g.Rules),
            rule => Assert.Contains($"`{rule.Alert}`", document, StringComparison.Ordinal));
    }

    /// <summary>The instruments that a silo makes, by making its metrics.</summary>
    private static List<Instrument> Instruments()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == GrainsHostingExtensions.MeterName) { instruments.Add(instrument); } } };
        listener.Start();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        Type metrics = typeof(GrainsHostingExtensions).Assembly.GetType("BlindGrain.Grains.Diagnostics.GrainsMetrics", throwOnError: true)!;
        object made = Activator.CreateInstance(metrics, services.GetRequiredService<IMeterFactory>())!;
        _ = metrics.GetMethod("ObserveKeyCache")!.Invoke(made, [() => 0L, 0L]);
        return instruments;
    }

    /// <summary>What OpenTelemetry's exporter makes of a name: underscores, the unit unless it is an annotation, "total" for counters.</summary>
    private static string[] Names(Instrument instrument)
    {
        string unit = instrument.Unit switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        string name = instrument.Name.Replace('.', '_') + unit;
        return instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" => [$"{name}_total"],
            "Histogram" => [name, $"{name}_count", $"{name}_sum", $"{name}_bucket"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"\b(blindgrain_\w+)\{", RegexOptions.CultureInvariant)]
    private static partial Regex Metric();
}
