namespace BlindGrain.Training.Data;

/// <summary>Points of the plane with a class each.</summary>
/// <param name="Coordinates">x and y of each point in turn: 2 · <see cref="Count"/> numbers.</param>
/// <param name="Labels">The class of each point, counted from 0.</param>
internal sealed record LabelledPoints(float[] Coordinates, long[] Labels)
{
    /// <summary>The number of points.</summary>
    public int Count => Labels.Length;

    /// <summary>The points whose numbers are given, in that order.</summary>
    public LabelledPoints Select(ReadOnlySpan<int> numbers)
    {
        var coordinates = new float[numbers.Length * 2];
        var labels = new long[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            coordinates[2 * i] = Coordinates[2 * numbers[i]];
            coordinates[(2 * i) + 1] = Coordinates[(2 * numbers[i]) + 1];
            labels[i] = Labels[numbers[i]];
        }

        return new LabelledPoints(coordinates, labels);
    }
}
