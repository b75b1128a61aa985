using Spectre.Console;

namespace BlindGrain.Cli.Reports;

/// <summary>A simulation's report as lines.</summary>
internal static class SimulationReportView
{
    /// <summary>Writes the report of the model of this name.</summary>
    public static void Write(IAnsiConsole console, string name, SimulationReport report)
    {
        void Line(FormattableString text) => console.WriteLine(ModelReportView.Invariant(text));
        Line($"{name}: {report.Correct} of {report.Samples} right, accuracy {report.Accuracy * 100:0.00} % (95 % interval {report.AccuracyInterval.Low * 100:0.00} to {report.AccuracyInterval.High * 100:0.00} %)");
        if (report is { ClearAccuracy: { } clear, SameClass: { } same })
        {
            Line($"  with modelled noise, seed {report.Seed}; clear integers {clear * 100:0.00} %, the same class in {same * 100:0.00} %");
        }

        Line($"  {report.Seconds:0.00} s, {report.SamplesPerSecond:0} samples a second");
        foreach (SimulatedLayer layer in report.Layers)
        {
            Line($"  {layer.Name}: accumulators in [{layer.AccumulatorMin}, {layer.AccumulatorMax}] on these samples, range [{layer.WorstMin}, {layer.WorstMax}]");
            if (layer.Overflows > 0)
            {
                Line($"    {layer.Overflows} accumulators left their declared range: encrypted ones read a wrong entry there");
            }

            foreach (SimulatedLookUp lookUp in layer.LookUps)
            {
                Line($"    {lookUp.Name}: index error {lookUp.Sigma * 100:0.000} % of the half torus (modelled, worst element {lookUp.WorstSigma * 100:0.000} %); {lookUp.Misread * 100:0.00} % read a neighbour's entry, {lookUp.Wrong * 100:0.00} % yield another integer, {lookUp.Wrapped} wrapped");
            }
        }
    }
}
