using Spectre.Console;

namespace BlindGrain.Cli.CommandLine;

/// <summary>Progress on standard error: a bar where a person watches, a line where not, nothing with <c>--json</c>.</summary>
internal static class ProgressBars
{
    /// <summary>Runs one piece of work whose progress is counted.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="what">What is done, for people.</param>
    /// <param name="total">The count at the end.</param>
    /// <param name="work">Does the work and reports the count so far.</param>
    public static async Task<T> TrackAsync<T>(this Terminal terminal, string what, double total, Func<IProgress<double>, Task<T>> work)
    {
        if (!terminal.Watched)
        {
            terminal.Note($"{what} ...");
            return await work(new ProgressAdapter<double>(_ => { }));
        }

        return await terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(what), maxValue: total);
                T result = await work(new ProgressAdapter<double>(value => task.Value = value));
                task.Value = total;
                return result;
            });
    }
}
