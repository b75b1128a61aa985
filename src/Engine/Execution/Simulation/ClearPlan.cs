using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.Intrinsics;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Engine.Execution.Simulation;

/// <summary>A circuit prepared for clear evaluation in one integer type; hides which.</summary>
internal abstract class ClearPlan
{
    /// <summary>The plan in the narrowest type that holds every value.</summary>
    /// <exception cref="ArgumentException">An accumulator can exceed 64 bits, or the circuit has too many elements.</exception>
    public static ClearPlan For(FheCircuit circuit)
    {
        var bounds = new AccumulatorBounds(circuit, negacyclic: false);
        return bounds.Fit32 ? new ClearPlan<int>(circuit, bounds) : new ClearPlan<long>(circuit, bounds);
    }

    /// <summary>The samples that a batch's blocks take.</summary>
    public abstract int Lanes { get; }

    /// <summary>Every value of one sample, by value number.</summary>
    public abstract long[][] RunAll(ReadOnlySpan<int> input);

    /// <summary>The output of one sample.</summary>
    public abstract long[] Run(ReadOnlySpan<int> input);

    /// <summary>Evaluates up to <see cref="Lanes"/> samples of a batch and hands what they gave to <paramref name="result"/>.</summary>
    public abstract void RunBlock(IReadOnlyList<int[]> inputs, int first, int count, SimulationCollector result);
}

/// <inheritdoc cref="ClearPlan"/>
/// <typeparam name="T">int or long.</typeparam>
internal sealed class ClearPlan<T> : ClearPlan
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly FheCircuit _circuit;
    private readonly CircuitLayout _layout;
    private readonly T[][][] _weights;
    private readonly FlatTables?[] _tables;
    private readonly bool[] _watched;
    private readonly ConcurrentBag<IntegerBlock<T>> _single = [];
    private readonly ConcurrentBag<IntegerBlock<T>> _blocks = [];

    public ClearPlan(FheCircuit circuit, AccumulatorBounds bounds)
    {
        _circuit = circuit;
        _layout = new CircuitLayout(circuit);
        _weights = TermWeights.Of<T>(circuit);
        _tables = [.. circuit.Steps.Select(s => s is LookupStep lookup ? new FlatTables(lookup, circuit.Ranges[lookup.Source]) : null)];
        _watched = SimulationCollector.Watched(circuit, bounds);
    }

    public override int Lanes => _layout.Lanes;

    public override long[][] RunAll(ReadOnlySpan<int> input) => WithSingle(input, block =>
    {
        var values = new long[_circuit.Steps.Count + 1][];
        for (int v = 0; v < values.Length; v++)
        {
            values[v] = block.Get(v, 0);
        }

        return values;
    });

    public override long[] Run(ReadOnlySpan<int> input) => WithSingle(input, block => block.Get(_circuit.Output.Value, 0));

    public override void RunBlock(IReadOnlyList<int[]> inputs, int first, int count, SimulationCollector result)
    {
        IntegerBlock<T> block = _blocks.TryTake(out IntegerBlock<T>? free) ? free : new IntegerBlock<T>(_layout, Lanes);
        for (int lane = 0; lane < count; lane++)
        {
            block.Load(lane, inputs[first + lane]);
        }

        Evaluate(block);
        for (int lane = 0; lane < count; lane++)
        {
            result.Outputs[first + lane] = block.Get(_circuit.Output.Value, lane);
        }

        result.Observe(block, count, _watched);
        _blocks.Add(block);
    }

    private TResult WithSingle<TResult>(ReadOnlySpan<int> input, Func<IntegerBlock<T>, TResult> read)
    {
        IntegerBlock<T> block = _single.TryTake(out IntegerBlock<T>? free) ? free : new IntegerBlock<T>(_layout, Vector256<T>.Count);
        block.Load(0, input);
        Evaluate(block);
        TResult result = read(block);
        _single.Add(block);
        return result;
    }

    private void Evaluate(IntegerBlock<T> block)
    {
        for (int s = 0; s < _circuit.Steps.Count; s++)
        {
            if (_circuit.Steps[s] is LinearStep linear)
            {
                block.Linear(s, linear, _weights[s]);
            }
            else
            {
                _tables[s]!.Apply(block.Value(((LookupStep)_circuit.Steps[s]).Source), block.Value(s + 1), block.Lanes);
            }
        }
    }
}
