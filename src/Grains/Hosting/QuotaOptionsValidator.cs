using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Hosting;

/// <summary>Refuses settings that cannot work, at start-up.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        string[] errors = [.. options.ToQuotas().Faults().Select(fault => $"{QuotaOptions.Section}:{fault}")];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
