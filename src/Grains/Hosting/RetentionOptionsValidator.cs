using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.Results), options.Results, s_longest);
        Check(nameof(options.Uploads), options.Uploads, s_longest);
        Check(nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromDays(1));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string setting, TimeSpan value, TimeSpan longest)
        {
            if (value < s_shortest || value > longest)
            {
                errors.Add($"{RetentionOptions.Section}:{setting} is {value}; take {s_shortest} to {longest}.");
            }
        }
    }
}
