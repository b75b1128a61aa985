using BlindGrain.Training.Learning;
using Spectre.Console;

namespace BlindGrain.Training.Commands;

/// <summary>Shows a training: a bar on a terminal; a line an epoch where the output is a file or a pipe.</summary>
internal static class TrainingProgress
{
    /// <summary>Runs <paramref name="training"/>, which tells of each epoch.</summary>
    /// <param name="epochs">How many there will be.</param>
    /// <param name="training">What to run.</param>
    public static T Show<T>(int epochs, Func<Action<EpochMetrics>, T> training)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            return training(epoch => Console.WriteLine(Describe(epoch)));
        }

        // Drawn by the training thread itself: see Training.csproj on what another thread's garbage does to TorchSharp.
        return AnsiConsole.Progress().AutoRefresh(false).Start(progress =>
        {
            ProgressTask bar = progress.AddTask("training", maxValue: epochs);
            return training(epoch =>
            {
                bar.Description = Describe(epoch);
                bar.Increment(1);
                progress.Refresh();
            });
        });
    }

    private static string Describe(EpochMetrics epoch) =>
        $"epoch {epoch.Epoch}/{epoch.Epochs} ({(epoch.Quantized ? "quantized" : "float")}) loss {epoch.Loss:F4} accuracy {epoch.TrainAccuracy:P2}";
}
