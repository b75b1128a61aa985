using System.Diagnostics;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Models;
using BlindGrain.Compiler;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Cli.Reports.Evaluation;

/// <summary>Runs samples through every stage: the float network, the circuit on clear integers, the circuit with modelled noise, ciphertexts.</summary>
internal sealed class Evaluator
{
    /// <summary>The most samples that histograms count.</summary>
    private const int MaxHistogramSamples = 2000;

    /// <summary>A report says the same of the same data.</summary>
    private const ulong NoiseSeed = 1;

    /// <summary>How many samples run encrypted unless the user says, where all take less than <see cref="QuickSeconds"/>.</summary>
    private const int DefaultEncrypted = 3;

    private const double QuickSeconds = 60;

    private readonly EvaluationRequest _request;
    private readonly Terminal _terminal;
    private readonly CancellationToken _cancellation;
    private readonly FheCircuit _circuit;
    private readonly int[][] _inputs;
    private readonly List<StageReport> _stages = [];
    private long[][] _clear = [];

    private Evaluator(EvaluationRequest request, Terminal terminal, CancellationToken cancellation)
    {
        _request = request;
        _terminal = terminal;
        _cancellation = cancellation;
        _circuit = request.Model.Circuit;
        _inputs = [.. request.Samples.Inputs.Select(x => _circuit.Input.Quantize(x))];
    }

    private int[]? Labels => _circuit.Output.Length > 1 ? _request.Samples.Labels : null;

    /// <summary>Evaluates a model.</summary>
    /// <exception cref="CommandException">The float network cannot be run.</exception>
    public static EvaluationReport Run(EvaluationRequest request, Terminal terminal, CancellationToken cancellation) => new Evaluator(request, terminal, cancellation).Run();

    private EvaluationReport Run()
    {
        if (_request.FloatModel is { } onnx)
        {
            _terminal.Note($"float network on {_inputs.Length} samples ...");
            Float(onnx);
        }

        _terminal.Note($"clear integers on {_inputs.Length} samples ...");
        Clear();
        Noisy();
        int counted = Math.Min(_inputs.Length, MaxHistogramSamples);
        IReadOnlyList<HistogramReport> histograms = Histograms(counted);
        string? note = Encrypted();
        return new EvaluationReport(_request.Data, _inputs.Length, Labels is not null, _stages, counted, histograms, note, Other());
    }

    private void Float(string path)
    {
        using ReferenceModel reference = ModelSource.OpenFloat(path, _circuit.Input.Length);
        long start = Stopwatch.GetTimestamp();
        int[] classes;
        try
        {
            classes = [.. _request.Samples.Inputs.AsParallel().AsOrdered().WithCancellation(_cancellation).Select(x => FloatClass(reference.Run(x)))];
        }
        catch (AggregateException e) when (e.InnerException is InvalidModelException or ArgumentException)
        {
            throw CommandException.BadInput($"{path}: {e.InnerException.Message}", e);
        }

        Add("float", "the ONNX network in floats (ONNX Runtime)", classes, null, null, start);
    }

    private void Clear()
    {
        long start = Stopwatch.GetTimestamp();
        _clear = new ClearExecutor(_circuit).RunBatch(_inputs);
        Add("quantized", "the circuit on clear integers", [.. _clear.Select(Class)], null, null, start);
    }

    private void Noisy()
    {
        long start = Stopwatch.GetTimestamp();
        long[][] results = new NoisyExecutor(_request.Model).Evaluate(_inputs, NoiseSeed, _cancellation).Outputs;
        int same = results.Where((r, i) => r.AsSpan().SequenceEqual(_clear[i])).Count();
        Add("noisy", "the circuit with the modelled noise of every look-up", [.. results.Select(Class)], [.. _clear.Select(Class)], same, start);
    }

    /// <summary>The other mode: exact look-ups give the clear integers but for their failure probability, approximate ones are simulated.</summary>
    private StageReport? Other()
    {
        ExecutionMode other = ChoiceReport.OtherMode(_request.Model.Mode);
        if (CompiledModel.FindParameters(_circuit, other) is null)
        {
            return null;
        }

        long start = Stopwatch.GetTimestamp();
        int[] clear = [.. _clear.Select(Class)];
        long[][] results = other is ExecutionMode.Exact ? _clear : new NoisyExecutor(CompiledModel.Create(_circuit, other)).Evaluate(_inputs, NoiseSeed, _cancellation).Outputs;
        int same = results.Where((r, i) => r.AsSpan().SequenceEqual(_clear[i])).Count();
        return Stage("noisy", ModeText.Short(other), [.. results.Select(Class)], clear, same, start);
    }

    private IReadOnlyList<HistogramReport> Histograms(int samples)
    {
        var collector = new HistogramCollector(_circuit);
        var executor = new ClearExecutor(_circuit);
        _ = Parallel.For(0, samples, new ParallelOptions { CancellationToken = _cancellation }, i => collector.Add(executor.RunAll(_inputs[i])));
        return collector.Histograms();
    }

    /// <summary>Runs a sample of the data encrypted; why not, where it does not.</summary>
    private string? Encrypted()
    {
        double seconds = _request.Model.Milliseconds(CostModel.Reference, Environment.ProcessorCount) / 1000;
        int count = Math.Min(_request.Encrypted ?? (seconds < QuickSeconds / DefaultEncrypted ? DefaultEncrypted : 0), _inputs.Length);
        if (count == 0)
        {
            return _request.Encrypted is null
                ? $"No sample was run encrypted: each would take about {Html.Figures.Seconds(seconds)}. 'inspect --data DATA --encrypted N' does it all the same."
                : "No sample was run encrypted: 'inspect --data DATA --encrypted N' does that.";
        }

        _terminal.Note($"encrypted: keys, then {count} samples of {_circuit.Bootstraps} bootstraps ...");
        using var sample = new EncryptedSample(_request.Model, _cancellation);
        long start = Stopwatch.GetTimestamp();
        long[][] results = [.. sample.Run(_inputs.Take(count), _cancellation)];
        int same = results.Where((r, i) => r.AsSpan().SequenceEqual(_clear[i])).Count();
        Add("encrypted", "encrypted, computed and decrypted in this process", [.. results.Select(Class)], [.. _clear.Take(count).Select(Class)], same, start);
        return null;
    }

    private void Add(string stage, string what, int[] classes, int[]? clear, int? sameIntegers, long start) => _stages.Add(Stage(stage, what, classes, clear, sameIntegers, start));

    private StageReport Stage(string stage, string what, int[] classes, int[]? clear, int? sameIntegers, long start)
    {
        int? correct = Labels is { } labels ? classes.Where((c, i) => c == labels[i]).Count() : null;
        int? sameClass = clear is null ? null : classes.Where((c, i) => c == clear[i]).Count();
        return StageReport.Of(stage, what, classes.Length, correct, sameClass, sameIntegers, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private int Class(long[] integers) => Classification.ClassOf(_circuit.Output, integers);

    /// <summary>The class that a float output names: some networks end in the index itself.</summary>
    private int FloatClass(float[] output) =>
        _circuit.Output.Operation?.Function is ClientFunction.ArgMax or ClientFunction.ArgMin or ClientFunction.TopKIndices ? (int)output[0] : Classes.ArgMax(output);
}
