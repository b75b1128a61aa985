using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// The step of the input's quantizer by what it does at the output (as LAPQ chooses steps by the loss: Nahshan et al., "Loss aware post-training quantization", Machine Learning, 2021).
/// With few bits the nearest levels to the data are not the best ones: what counts is that no two inputs share a level that the model tells apart.
/// </summary>
internal sealed class InputStepSearch : IDisposable
{
    /// <summary>Steps from this share of the range's own step up to that.</summary>
    private const double Finest = 0.6, Coarsest = 3.5, Ratio = 1.05;

    private const int Refinements = 5;
    private const double RefinedBy = 0.01;

    private readonly PartialModel _model;
    private readonly ModelInput _input;
    private readonly IReadOnlyList<float[]> _samples;
    private readonly float[][] _targets;
    private readonly int _levels;

    /// <summary>Runs the float model on the samples as they are.</summary>
    public InputStepSearch(ModelProto model, ModelInput input, IReadOnlyList<float[]> samples, int bits)
    {
        _input = input;
        _samples = samples;
        _levels = 1 << bits;
        _model = new PartialModel(model, [model.Graph.Output[0].Name], new Dictionary<string, int[]> { [input.Name] = input.Shape });
        _targets = [.. samples.Select(Run)];
    }

    /// <summary>The best step for inputs from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public float Run(double min, double max)
    {
        double own = (max - min) / (_levels - 1), best = own, least = Error(own, min);
        for (double share = Finest; share <= Coarsest; share *= Ratio)
        {
            Try(own * share);
        }

        double centre = best;
        for (int i = -Refinements; i <= Refinements; i++)
        {
            Try(centre * (1 + (i * RefinedBy)));
        }

        return (float)best;

        void Try(double step)
        {
            double error = Error(step, min);
            if (error < least)
            {
                (least, best) = (error, step);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private double Error(double step, double min)
    {
        double zero = Math.Round(-min / step), error = 0;
        for (int s = 0; s < _samples.Count; s++)
        {
            float[] output = Run(Array.ConvertAll(_samples[s], v => (float)((Math.Clamp(Math.Round((v / step) + zero), 0, _levels - 1) - zero) * step)));
            error += Classes(_targets[s], output);
        }

        return error;
    }

    /// <summary>½ Σ |p − q| of the two softmaxes: bounded, so that one sample whose class changes counts as one, however sure the model was.</summary>
    private static double Classes(float[] target, float[] output)
    {
        double ofTarget = LogSum(target), ofOutput = LogSum(output), error = 0;
        for (int i = 0; i < output.Length; i++)
        {
            error += Math.Abs(Math.Exp(target[i] - ofTarget) - Math.Exp(output[i] - ofOutput)) / 2;
        }

        return error;
    }

    private static double LogSum(float[] logits)
    {
        double largest = logits.Max();
        return largest + Math.Log(logits.Sum(v => Math.Exp(v - largest)));
    }

    private float[] Run(float[] sample) => _model.Run(new Dictionary<string, (float[], int[])> { [_input.Name] = (sample, _input.Shape) })[0].Values;
}
