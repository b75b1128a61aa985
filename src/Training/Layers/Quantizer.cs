using BlindGrain.Engine.Quantization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BlindGrain.Training.Layers;

/// <summary>
/// Quantizes and dequantizes at once, with a constant or a learned step; the module inside the layers that quantize. Bits, sign and narrow range are those
/// of the <see cref="UniformQuantizer"/> that it starts from; the zero-point is 0.
/// </summary>
internal sealed class Quantizer : nn.Module<Tensor, Tensor>
{
    private readonly UniformQuantizer _initial;
    private readonly Parameter? _scale;
    private readonly bool _clipsGradient;

    /// <summary>Creates the quantizer.</summary>
    /// <param name="initial">Bits, sign, range, and the step at the start.</param>
    /// <param name="kind">Where the step comes from.</param>
    /// <param name="clipsGradient">Whether values that are clipped get no gradient: true for activations, false for weights, which must be able to return. A learned
    /// step always stops it, as in LSQ.</param>
    public Quantizer(UniformQuantizer initial, QuantizerScale kind, bool clipsGradient)
        : base(nameof(Quantizer))
    {
        _initial = initial;
        _clipsGradient = clipsGradient;
        Kind = kind;
        if (kind != QuantizerScale.Constant)
        {
            _scale = new Parameter(tensor(initial.Scale));
        }

        RegisterComponents();
    }

    /// <summary>Where the step comes from.</summary>
    public QuantizerScale Kind { get; }

    /// <summary>The quantizer with its step as it is now.</summary>
    public UniformQuantizer Current => _scale is null ? _initial : new UniformQuantizer(Step(), _initial.ZeroPoint, _initial.Bits, _initial.Signed, _initial.Narrow);

    /// <summary>Sets a learned step, to what the data suggest before training; a constant one stays.</summary>
    /// <param name="step">The step, finite and positive.</param>
    public void Initialize(float step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        if (_scale is not null)
        {
            using (no_grad())
            {
                _ = _scale.fill_(step);
            }
        }
    }

    /// <summary>Values of any shape in, values on the grid out.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training)
        {
            return FakeQuantize.Apply(input, Current);
        }

        if (_scale is null)
        {
            return _clipsGradient ? FakeQuantize.ClippedStraightThrough(input, _initial) : FakeQuantize.StraightThrough(input, _initial);
        }

        using DisposeScope scope = NewDisposeScope();

        // LSQ scales the step's gradient by 1/√(values · QMax), so that it moves at the pace of the weights.
        double pace = 1 / Math.Sqrt((double)input.numel() * _initial.QMax);
        Tensor step = (_scale * pace) + (_scale * (1 - pace)).detach();
        step = step.clamp(min: 1e-6);
        if (Kind == QuantizerScale.LearnedPowerOfTwo)
        {
            step = step * (step.detach().log2().round().exp2() / step.detach());
        }

        return FakeQuantize.WithStep(input, step, _initial).MoveToOuterDisposeScope();
    }

    private float Step()
    {
        float step = Math.Max(_scale!.item<float>(), 1e-6f);
        return Kind == QuantizerScale.LearnedPowerOfTwo ? MathF.Pow(2, MathF.Round(MathF.Log2(step), MidpointRounding.ToEven)) : step;
    }
}
