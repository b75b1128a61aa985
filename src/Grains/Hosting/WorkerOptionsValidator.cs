using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.Threads), options.Threads, 0, 1024);
        Check(nameof(options.SlicesPerTenant), options.SlicesPerTenant, 0, 1024);
        Check(nameof(options.Slices), options.Slices, 1, 65536);
        Check(nameof(options.KeyCacheMebibytes), options.KeyCacheMebibytes, 0, int.MaxValue);
        Check(nameof(options.ModelCacheEntries), options.ModelCacheEntries, 1, 65536);
        Check(nameof(options.RunningJobs), options.RunningJobs, 1, 65536);
        Check(nameof(options.SliceTries), options.SliceTries, 1, 100);
        Check(nameof(options.MemoryPercent), options.MemoryPercent, 50, 100);
        CheckInterval(nameof(options.ResumeInterval), options.ResumeInterval);
        CheckInterval(nameof(options.KeyCheckInterval), options.KeyCheckInterval);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string setting, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{WorkerOptions.Section}:{setting} is {value}; take {least} to {most}.");
            }
        }

        void CheckInterval(string setting, TimeSpan value)
        {
            if (value < s_shortest || value > s_longest)
            {
                errors.Add($"{WorkerOptions.Section}:{setting} is {value}; take {s_shortest} to {s_longest}.");
            }
        }
    }
}
