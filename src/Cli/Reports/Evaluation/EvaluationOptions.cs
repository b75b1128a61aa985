using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Data;
using BlindGrain.Engine.Execution;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>The options that let a report say what data make of a model.</summary>
internal sealed class EvaluationOptions
{
    private readonly DataOptions _data = new();

    private readonly Option<string?> _float = new("--float")
    {
        Description = "The ONNX network that the model was compiled from: its accuracy in floats stands beside the circuit's.",
        HelpName = "FILE.onnx",
    };

    private readonly Option<int?> _encrypted = new("--encrypted")
    {
        Description = "How many of the samples to run encrypted, too, in this process; by default 3 where that takes less than a minute, else none.",
        HelpName = "N",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _data.AddTo(command);
        command.Options.Add(_float);
        command.Options.Add(_encrypted);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_data.Data) is null && (result.GetResult(_float) ?? result.GetResult(_encrypted) ?? result.GetResult(_data.Labels)) is { } without)
            {
                result.AddError($"{without.Option.Name} goes with --data: give samples.");
            }

            if (result.GetResult(_encrypted)?.Tokens is [{ Value: var text }] && (!int.TryParse(text, out int count) || count < 0))
            {
                result.AddError($"'{text}' is no value of --encrypted: write how many samples, 0 or more.");
            }
        });
    }

    /// <summary>Evaluates a model on the data that were given; null where none were.</summary>
    /// <exception cref="CommandException">A file is missing or does not fit.</exception>
    public EvaluationReport? Evaluate(ParseResult result, CompiledModel model, Terminal terminal, CancellationToken cancellation)
    {
        if (result.GetValue(_data.Data) is not { } data)
        {
            return null;
        }

        LabelledSamples samples = SampleFiles.Read(data, result.GetValue(_data.Labels), result.GetValue(_data.Scale), model.Circuit.Input.Shape);
        var request = new EvaluationRequest(model, samples, Path.GetFileName(data), result.GetValue(_float), result.GetValue(_encrypted));
        return Evaluator.Run(request, terminal, cancellation);
    }
}
