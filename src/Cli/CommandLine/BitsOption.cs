using System.CommandLine;

namespace BlindGrain.Cli.CommandLine;

/// <summary>Makes options that take a whole number within bounds.</summary>
internal static class BitsOption
{
    /// <summary>An option of a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int?> Create(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out int n) && n >= least && n <= most))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no value of {name}: write a number from {least} to {most}.");
            }
        });
        return option;
    }
}
