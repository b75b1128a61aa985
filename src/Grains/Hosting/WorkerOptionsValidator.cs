using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
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
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string setting, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{WorkerOptions.Section}:{setting} is {value}; take {least} to {most}.");
            }
        }
    }
}
