using System.CommandLine;
using BlindGrain.Compiler.Quantization;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options of post-training quantization.</summary>
internal sealed class QuantizationOptions
{
    private const int DefaultBits = 6;
    private readonly Option<int?> _bits = BitsOption.Create("--bits", $"Bits of inputs, weights and activations of a float model, 1 to 8; {DefaultBits} by default.", 1, 8);
    private readonly Option<int?> _inputBits = BitsOption.Create("--input-bits", "Bits of the input, where other than --bits.", 1, 8);
    private readonly Option<int?> _weightBits = BitsOption.Create("--weight-bits", "Bits of weights, where other than --bits.", 1, 8);
    private readonly Option<int?> _activationBits = BitsOption.Create("--activation-bits", "Bits between layers, where other than --bits.", 1, 8);
    private readonly Option<int?> _outputBits = BitsOption.Create("--output-bits", "Bits of an output that ends in a curved function; 8 by default. Other outputs leave unquantized.", 1, 8);
    private readonly Option<bool> _perTensor = new("--per-tensor") { Description = "One scale a tensor of weights." };
    private readonly Option<bool> _perChannel = new("--per-channel") { Description = "One scale an output channel of weights: the default." };
    private readonly Option<bool> _matchClasses = new("--match-classes")
    {
        Description = "For classifiers of floats: choose the input's step so that the network keeps its classes on the calibration data. Matters at 2 to 4 bits of input.",
    };

    private readonly Option<CalibrationMethod?> _method = new("--calibration-method")
    {
        Description = "How ranges are chosen from the data: minmax (nothing saturates), percentile (without the outermost 0.05 % at either end), or mse (least squared error, the default).",
        HelpName = "minmax|percentile|mse",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            switch (text.ToUpperInvariant())
            {
                case "MINMAX":
                    return CalibrationMethod.MinMax;
                case "PERCENTILE":
                    return CalibrationMethod.Percentile;
                case "MSE":
                    return CalibrationMethod.MeanSquaredError;
                default:
                    result.AddError($"'{text}' is no value of --calibration-method: write minmax, percentile or mse.");
                    return null;
            }
        },
    };

    /// <summary>Adds the options to a command, with the check that they do not contradict each other.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _bits, _inputBits, _weightBits, _activationBits, _outputBits, _perTensor, _perChannel, _method, _matchClasses })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_perTensor) is not null && result.GetResult(_perChannel) is not null)
            {
                result.AddError("--per-tensor and --per-channel contradict each other. Give one or the other.");
            }
        });
    }

    /// <summary>The settings, or null where none of the options was given.</summary>
    public PostTrainingOptions? Chosen(ParseResult result)
    {
        Option[] all = [_bits, _inputBits, _weightBits, _activationBits, _outputBits, _perTensor, _perChannel, _method, _matchClasses];
        if (!all.Any(o => result.GetResult(o) is { Implicit: false }))
        {
            return null;
        }

        int bits = result.GetValue(_bits) ?? DefaultBits;
        var options = PostTrainingOptions.Uniform(bits);
        return options with
        {
            InputBits = result.GetValue(_inputBits) ?? bits,
            WeightBits = result.GetValue(_weightBits) ?? bits,
            ActivationBits = result.GetValue(_activationBits) ?? bits,
            OutputBits = result.GetValue(_outputBits) ?? options.OutputBits,
            PerChannel = !result.GetValue(_perTensor),
            Method = result.GetValue(_method) ?? options.Method,
            MatchClasses = result.GetValue(_matchClasses),
        };
    }
}
