using static TorchSharp.torch;

namespace BlindGrain.Training.Data;

/// <summary>Samples of one shape with a class each.</summary>
/// <param name="Values">The samples one after the other, each row-major: <see cref="Count"/> · <see cref="SampleLength"/> numbers.</param>
/// <param name="Shape">The shape of one sample: [features], or [channels, height, width].</param>
/// <param name="Labels">The class of each sample, counted from 0.</param>
internal sealed record Dataset(float[] Values, int[] Shape, long[] Labels)
{
    /// <summary>The number of samples.</summary>
    public int Count => Labels.Length;

    /// <summary>The number of values of one sample.</summary>
    public int SampleLength => Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>The samples whose numbers are given, in that order.</summary>
    public Dataset Select(ReadOnlySpan<int> numbers)
    {
        int length = SampleLength;
        var values = new float[numbers.Length * length];
        var labels = new long[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            Values.AsSpan(numbers[i] * length, length).CopyTo(values.AsSpan(i * length));
            labels[i] = Labels[numbers[i]];
        }

        return new Dataset(values, Shape, labels);
    }

    /// <summary>The first <paramref name="count"/> samples, or all where there are fewer.</summary>
    public Dataset Take(int count) => Select([.. Enumerable.Range(0, Math.Min(count, Count))]);

    /// <summary>Each sample as an array of its own.</summary>
    public float[][] Samples() => Values.Chunk(SampleLength).ToArray();

    /// <summary>A tensor [count, shape…].</summary>
    public Tensor ToTensor() => tensor(Values, [Count, .. Shape.Select(d => (long)d)]);
}
