using System.Diagnostics;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Training.Data;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Reproduction;

/// <summary>Encrypts samples, evaluates them, decrypts, and holds the results against clear execution.</summary>
internal static class EncryptedRun
{
    /// <summary>Runs a plan, one sample after the other: what is timed is the latency of one inference.</summary>
    public static async Task<EncryptedResult> RunAsync(TrainedModel trained, EncryptedPlan plan, Action<int>? progress, CancellationToken cancellation)
    {
        FheCircuit circuit = plan.Mode is ExecutionMode.Exact ? trained.Circuit : trained.Calibrated;
        CompiledModel model = CompiledModel.Create(circuit, plan.Mode);
        Dataset samples = trained.Test.Take(plan.Samples);
        int threads = Environment.ProcessorCount;
        (long[][] results, double[] seconds) = plan.OverRest
            ? await RestRun.RunAsync(model, samples.Samples(), threads, progress, cancellation)
            : InProcess(model, samples.Samples(), threads, progress, cancellation);
        var clear = new ClearExecutor(circuit);
        int equal = 0, sameClass = 0, right = 0;
        for (int i = 0; i < results.Length; i++)
        {
            long[] expected = clear.Run(circuit.Input.Quantize(samples.Values.AsSpan(i * samples.SampleLength, samples.SampleLength)));
            int found = ClearClasses.OfIntegers(circuit, results[i]);
            equal += results[i].AsSpan().SequenceEqual(expected) ? 1 : 0;
            sameClass += found == ClearClasses.OfIntegers(circuit, expected) ? 1 : 0;
            right += found == samples.Labels[i] ? 1 : 0;
        }

        return new EncryptedResult(
            plan.Mode.ToString(),
            plan.Way,
            results.Length,
            equal,
            sameClass,
            (double)right / results.Length,
            seconds.Order().ElementAt(seconds.Length / 2),
            model.Rotations,
            threads,
            EvaluationKey.FileSize(model.Parameters) / 1e6,
            model.Parameters.Id);
    }

    /// <summary>Encrypted inferences by the engine alone: the integers of each sample, and the seconds from clear input to clear output.</summary>
    public static (long[][] Results, double[] Seconds) InProcess(CompiledModel model, float[][] samples, int threads, Action<int>? progress, CancellationToken cancellation)
    {
        ClientKey key = ClientKey.Generate(model.Parameters);
        using ServerKey server = ServerKey.Expand(key.CreateEvaluationKey(cancellation), model.ParameterPlan.Needs, threads);
        using var executor = new EncryptedExecutor(model, server, threads);
        var cryptor = new ModelCryptor(model, key);
        var results = new long[samples.Length][];
        var seconds = new double[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            results[i] = cryptor.Decrypt(executor.Run(model.Expand(cryptor.Encrypt(model.Circuit.Input.Quantize(samples[i])))));
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            progress?.Invoke(i + 1);
        }

        return (results, seconds);
    }
}
