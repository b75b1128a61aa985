using System.Diagnostics;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Commands;
using BlindGrain.Cli.Hosting;
using BlindGrain.Cli.Models;
using BlindGrain.Client;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Cli.Demo;

/// <summary>Runs the demo: a cluster in this process, real keys, encrypted points over REST.</summary>
internal sealed class DemoRunner
{
    private const string Version = "1";
    private readonly DemoRequest _request;
    private readonly Terminal _terminal;
    private readonly int _threads = Environment.ProcessorCount;

    /// <summary>Prepares a run.</summary>
    public DemoRunner(DemoRequest request, Terminal terminal)
    {
        _request = request;
        _terminal = terminal;
    }

    /// <summary>More points in flight than threads: while one is decrypted or on its way, another is computed.</summary>
    private int Concurrency => Math.Min(_request.Samples.Count, Math.Max(4, 2 * _threads));

    /// <summary>Does it all in a folder of its own, which is deleted at the end.</summary>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"blindgrain-demo-{Guid.NewGuid():N}");
        try
        {
            var settings = new LocalClusterSettings
            {
                Urls = "http://127.0.0.1:0",
                Folder = Path.Combine(folder, "server"),
                WorkerThreads = _threads,
                Quiet = true,
            };
            await using LocalCluster cluster = await LocalCluster.StartAsync(settings, cancellation);
            _terminal.Note($"A silo and a gateway run in this process; REST at {cluster.Addresses[0]}, a console for browsers at {cluster.Addresses[0]}/console/ (API key {cluster.NewApiKey}) until the demo ends.");
            using var client = new BlindGrainClient(new Uri(cluster.Addresses[0]), cluster.NewApiKey!);
            return await RunAsync(client, Path.Combine(folder, "client"), cancellation);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<DemoReport> RunAsync(BlindGrainClient client, string keyFolder, CancellationToken cancellation)
    {
        CompiledModel model = _request.Model;
        BlindGrainSession session = await Deploy(client, keyFolder, cancellation);
        long start = Stopwatch.GetTimestamp();
        _ = await PredictCommand.UploadKeys(_terminal, session, cancellation);
        double keySeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        _ = await _terminal.TrackAsync("first point (the silo expands the keys)", 1, _ => session.PredictAsync(_request.Samples.Inputs[0], cancellation: cancellation));
        double firstMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        long sent = client.BytesSent, received = client.BytesReceived;
        start = Stopwatch.GetTimestamp();
        Answer[] answers = await PredictAll(session, cancellation);
        double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Outcome outcome = Compare(answers);
        int count = answers.Length;
        return new DemoReport
        {
            Model = model.Circuit.Name,
            Mode = model.Mode is ExecutionMode.Exact ? "exact" : "approximate",
            ModeText = model.Mode.ToString(),
            Points = count,
            Agreement = outcome.Agreement,
            IntegerAgreement = outcome.IntegerAgreement,
            Accuracy = outcome.Accuracy,
            MsPerPoint = ms / count,
            MedianLatencyMs = answers.Select(a => a.Milliseconds).Order().ElementAt(count / 2),
            FirstPointMs = firstMs,
            Bootstraps = model.Rotations,
            BootstrapsPerSecond = 1000.0 * count * model.Rotations / ms,
            Concurrency = Concurrency,
            WorkerThreads = _threads,
            Bytes = new DemoTraffic((client.BytesSent - sent) / count, (client.BytesReceived - received) / count, client.BytesSent, client.BytesReceived),
            KeyBytes = new DemoKeySizes(EvaluationKey.FileSize(model.Parameters), model.ParameterPlan.Needs.ExpandedBytes),
            KeySeconds = keySeconds,
            ParameterSet = model.Parameters.Id,
            SlicesBySilo = answers.SelectMany(a => a.Prediction.Job.SlicesBySilo).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Sum(s => s.Value)),
            Picture = DrawPicture(outcome.Points),
        };
    }

    private async Task<BlindGrainSession> Deploy(BlindGrainClient client, string keyFolder, CancellationToken cancellation)
    {
        CompiledModel model = _request.Model;
        using var file = new MemoryStream();
        model.Write(file);
        ModelMetadata metadata = await client.PushModelAsync(model.Circuit.Name, Version, file.ToArray(), cancellation);
        _terminal.Note($"Deployed {metadata.Name}: {model.Rotations} bootstraps an inference, {model.Mode}, parameters {model.Parameters.Id}.");
        StoredKey key = new KeyStore(keyFolder).FindOrCreate(model.Parameters);
        return new BlindGrainSession(client, metadata.Name, Version, model, key.Key, key.KeySet);
    }

    private Task<Answer[]> PredictAll(BlindGrainSession session, CancellationToken cancellation)
    {
        float[][] inputs = _request.Samples.Inputs;
        var answers = new Answer[inputs.Length];
        int done = 0;
        return _terminal.TrackAsync($"{inputs.Length} encrypted points", inputs.Length, async progress =>
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation };
            await Parallel.ForEachAsync(Enumerable.Range(0, inputs.Length), options, async (i, token) =>
            {
                long start = Stopwatch.GetTimestamp();
                Prediction prediction = await session.PredictAsync(inputs[i], cancellation: token);
                answers[i] = new Answer(prediction, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                progress.Report(Interlocked.Increment(ref done));
            });
            return answers;
        });
    }

    private Outcome Compare(Answer[] answers)
    {
        FheCircuit circuit = _request.Model.Circuit;
        (float[][] inputs, int[]? labels) = _request.Samples;
        var executor = new ClearExecutor(circuit);
        var points = new ClassifiedPoint[answers.Length];
        int sameClass = 0, sameIntegers = 0, floatRight = 0, clearRight = 0, encryptedRight = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            long[] clear = executor.Run(circuit.Input.Quantize(inputs[i]));
            int clearClass = Classes.ArgMax(circuit.Output.Dequantize(clear));
            int encryptedClass = Classes.ArgMax(answers[i].Prediction.Output);
            sameClass += clearClass == encryptedClass ? 1 : 0;
            sameIntegers += clear.AsSpan().SequenceEqual(answers[i].Prediction.Integers) ? 1 : 0;
            if (labels is not null)
            {
                floatRight += _request.Float is { } network && Classes.ArgMax(network.Run(inputs[i])) == labels[i] ? 1 : 0;
                clearRight += clearClass == labels[i] ? 1 : 0;
                encryptedRight += encryptedClass == labels[i] ? 1 : 0;
            }

            points[i] = new ClassifiedPoint(inputs[i][0], inputs[i].Length > 1 ? inputs[i][1] : 0, labels?[i], clearClass, encryptedClass);
        }

        double count = answers.Length;
        DemoAccuracy accuracy = labels is null
            ? new DemoAccuracy(null, null, null)
            : new DemoAccuracy(_request.Float is null ? null : floatRight / count, clearRight / count, encryptedRight / count);
        return new Outcome(points, sameClass / count, sameIntegers / count, accuracy);
    }

    private string? DrawPicture(ClassifiedPoint[] points)
    {
        if (!DecisionPicture.Fits(_request.Model.Circuit))
        {
            return null;
        }

        byte[] png = DecisionPicture.Draw(_request.Model.Circuit, points);
        AtomicFile.Write(_request.Picture, stream => stream.Write(png));
        return Path.GetFullPath(_request.Picture);
    }

    private sealed record Answer(Prediction Prediction, double Milliseconds);

    private sealed record Outcome(ClassifiedPoint[] Points, double Agreement, double IntegerAgreement, DemoAccuracy Accuracy);
}
