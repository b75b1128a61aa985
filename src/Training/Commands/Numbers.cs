using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace BlindGrain.Training.Commands;

/// <summary>Options that take numbers, with what they refuse.</summary>
internal static class Numbers
{
    /// <summary>Any number of the type.</summary>
    public static Option<T> Any<T>(string name, string description, T standard)
        where T : struct => new(name) { Description = description, DefaultValueFactory = _ => standard };

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> Between<T>(string name, string description, T least, T most, T standard)
        where T : struct, INumber<T>
    {
        Option<T> option = Any(name, description, standard);
        option.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<T>() is var value && !(value >= least && value <= most))
            {
                r.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least} to {most}."));
            }
        });
        return option;
    }

    /// <summary>One or more positive numbers.</summary>
    public static Option<int[]> Widths(string name, string description, int[] standard)
    {
        var option = new Option<int[]>(name) { Description = description, DefaultValueFactory = _ => standard, AllowMultipleArgumentsPerToken = true };
        option.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int[]>() is not { Length: > 0 } widths || widths.Any(w => w < 1))
            {
                r.AddError($"{name} takes one or more positive numbers.");
            }
        });
        return option;
    }
}
