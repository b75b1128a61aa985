using BlindGrain.Grains.Interfaces;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    private const double LeastWeight = 0.01;
    private const double MostWeight = 1000;

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
        CheckTime(nameof(options.KeyCheckInterval), options.KeyCheckInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckTime(nameof(options.ResumeInterval), options.ResumeInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckTime(nameof(options.SliceDuration), options.SliceDuration, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));
        CheckTime(nameof(options.SilentAfter), options.SilentAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        CheckTime(nameof(options.TenantBurst), options.TenantBurst, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        CheckTime(nameof(options.HandoverTime), options.HandoverTime, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        foreach ((string tenant, double weight) in options.TenantWeights)
        {
            if (!GrainKeys.IsId(tenant) || !(weight is >= LeastWeight and <= MostWeight))
            {
                errors.Add($"{WorkerOptions.Section}:{nameof(options.TenantWeights)}:{tenant} is {weight}; take a tenant's name and a weight of {LeastWeight} to {MostWeight}.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckTime(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{WorkerOptions.Section}:{setting} is {value}; take {least} to {most}.");
            }
        }

        void Check(string setting, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{WorkerOptions.Section}:{setting} is {value}; take {least} to {most}.");
            }
        }
    }
}
