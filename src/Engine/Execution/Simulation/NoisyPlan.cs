using System.Collections.Concurrent;
using System.Numerics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>A compiled model prepared for noisy evaluation in one integer type; hides which.</summary>
internal abstract class NoisyPlan
{
    /// <summary>The plan in the narrowest type that holds every value.</summary>
    /// <exception cref="ArgumentException">An accumulator can exceed 64 bits, or the circuit has too many elements.</exception>
    public static NoisyPlan For(CompiledModel model)
    {
        var bounds = new AccumulatorBounds(model.Circuit, negacyclic: true);
        return bounds.Fit32 ? new NoisyPlan<int>(model, bounds) : new NoisyPlan<long>(model, bounds);
    }

    /// <summary>The samples that a block takes.</summary>
    public abstract int Lanes { get; }

    /// <summary>Evaluates up to <see cref="Lanes"/> samples of a batch and hands what they gave to <paramref name="result"/>.</summary>
    public abstract void RunBlock(IReadOnlyList<int[]> inputs, int first, int count, ulong seed, SimulationCollector result);
}

/// <inheritdoc cref="NoisyPlan"/>
/// <typeparam name="T">int or long.</typeparam>
internal sealed class NoisyPlan<T> : NoisyPlan
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly FheCircuit _circuit;
    private readonly CircuitLayout _layout;
    private readonly ParameterPlan _parameters;
    private readonly T[][][] _weights;
    private readonly float[][][] _noiseWeights;
    private readonly NoisyLookup?[] _lookups;
    private readonly OutputDecoder _output;
    private readonly bool[] _watched;
    private readonly ConcurrentBag<(IntegerBlock<T> Integers, NoiseBlock Noise)> _blocks = [];

    public NoisyPlan(CompiledModel model, AccumulatorBounds bounds)
    {
        _circuit = model.Circuit;
        _layout = new CircuitLayout(_circuit);
        _parameters = model.ParameterPlan;
        _weights = TermWeights.Of<T>(_circuit);
        _noiseWeights = TermWeights.Of<float>(_circuit);
        _lookups = [.. _circuit.Steps.Select((s, i) => s is LookupStep ? new NoisyLookup(model, i) : null)];
        _output = new OutputDecoder(model);
        _watched = SimulationCollector.Watched(_circuit, bounds);
    }

    public override int Lanes => _layout.Lanes;

    public override void RunBlock(IReadOnlyList<int[]> inputs, int first, int count, ulong seed, SimulationCollector result)
    {
        (IntegerBlock<T> block, NoiseBlock noise) = _blocks.TryTake(out (IntegerBlock<T> Integers, NoiseBlock Noise) free)
            ? free
            : (new IntegerBlock<T>(_layout, Lanes), new NoiseBlock(_layout, Lanes, _parameters));
        for (int lane = 0; lane < count; lane++)
        {
            block.Load(lane, inputs[first + lane]);
            noise.Seed(lane, seed, first + lane);
        }

        noise.Begin();
        for (int s = 0; s < _circuit.Steps.Count; s++)
        {
            if (_circuit.Steps[s] is LinearStep linear)
            {
                block.Linear(s, linear, _weights[s]);
                noise.Linear(s, linear, _noiseWeights[s]);
            }
            else
            {
                NoisyLookup lookup = _lookups[s]!;
                ReadOnlySpan<float> switching = noise.Switching(lookup);
                result.Observe(s, lookup.Apply(block.Value(lookup.Source), noise.Value(lookup.Source), switching, block.Value(s + 1), block.Lanes, count));
                noise.Refresh(s + 1);
            }
        }

        for (int lane = 0; lane < count; lane++)
        {
            result.Outputs[first + lane] = _output.Decode(block, noise, lane);
        }

        result.Observe(block, count, _watched);
        _blocks.Add((block, noise));
    }
}
