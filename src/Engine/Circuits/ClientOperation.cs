namespace BlindGrain.Engine.Circuits;

/// <summary>What a client computes of a decrypted output: functions that compare all elements, which encrypted evaluation would pay dearly for.</summary>
public enum ClientFunction
{
    /// <summary>exp(x − max) / Σ exp(x − max) along an axis.</summary>
    Softmax = 1,

    /// <summary>The logarithm of <see cref="Softmax"/>.</summary>
    LogSoftmax = 2,

    /// <summary>The index of the largest element along an axis, the first of equals.</summary>
    ArgMax = 3,

    /// <summary>The index of the smallest element along an axis, the first of equals.</summary>
    ArgMin = 4,

    /// <summary>The k largest elements along an axis, falling.</summary>
    TopKValues = 5,

    /// <summary>The indices of the k largest elements along an axis, in order of falling elements.</summary>
    TopKIndices = 6,
}

/// <summary>A function along one axis of the dequantized output, which the client applies.</summary>
/// <param name="Function">The function.</param>
/// <param name="Axis">The axis of the output's shape (without the batch dimension), 0-based.</param>
/// <param name="Count">k of the top-k functions, else 1.</param>
/// <param name="KeepAxis">Whether <see cref="ClientFunction.ArgMax"/> and <see cref="ClientFunction.ArgMin"/> leave an axis of size 1.</param>
public sealed record ClientOperation(ClientFunction Function, int Axis, int Count, bool KeepAxis)
{
    /// <summary>The shape of the result for an output of shape <paramref name="shape"/>; a scalar has the shape [1].</summary>
    /// <exception cref="ArgumentException">The operation does not fit the shape.</exception>
    public int[] ResultShape(int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!Enum.IsDefined(Function) || Axis < 0 || Axis >= shape.Length || Count < 1 || Count > shape[Axis])
        {
            throw new ArgumentException($"{Function} of {Count} along axis {Axis} does not fit an output of shape [{string.Join(", ", shape)}].", nameof(shape));
        }

        int[] result = [.. shape];
        switch (Function)
        {
            case ClientFunction.ArgMax or ClientFunction.ArgMin:
                result[Axis] = 1;
                return KeepAxis || shape.Length == 1 ? result : [.. result[..Axis], .. result[(Axis + 1)..]];
            case ClientFunction.TopKValues or ClientFunction.TopKIndices:
                result[Axis] = Count;
                return result;
            default:
                return result;
        }
    }

    /// <summary>Applies the function to a row-major tensor of shape <paramref name="shape"/>.</summary>
    /// <returns>The result, row-major, of shape <see cref="ResultShape"/>.</returns>
    /// <exception cref="ArgumentException">The operation does not fit the shape, or the shape the values.</exception>
    public float[] Apply(ReadOnlySpan<float> values, int[] shape)
    {
        int[] resultShape = ResultShape(shape);
        int length = shape.Aggregate(1, (a, b) => a * b), size = shape[Axis];
        if (values.Length != length)
        {
            throw new ArgumentException($"A tensor of shape [{string.Join(", ", shape)}] does not have {values.Length} elements.", nameof(values));
        }

        int inner = shape[(Axis + 1)..].Aggregate(1, (a, b) => a * b), outer = length / (inner * size);
        int lines = resultShape.Aggregate(1, (a, b) => a * b) / (outer * inner);
        var result = new float[outer * lines * inner];
        var line = new float[size];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                for (int t = 0; t < size; t++)
                {
                    line[t] = values[(((o * size) + t) * inner) + i];
                }

                float[] done = Line(line);
                for (int t = 0; t < done.Length; t++)
                {
                    result[(((o * lines) + t) * inner) + i] = done[t];
                }
            }
        }

        return result;
    }

    private float[] Line(float[] x)
    {
        switch (Function)
        {
            case ClientFunction.Softmax:
                double top = x.Max();
                double[] powers = [.. x.Select(v => Math.Exp(v - top))];
                double sum = powers.Sum();
                return [.. powers.Select(p => (float)(p / sum))];
            case ClientFunction.LogSoftmax:
                double max = x.Max(), log = Math.Log(x.Sum(v => Math.Exp(v - max)));
                return [.. x.Select(v => (float)(v - max - log))];
            case ClientFunction.ArgMax:
                return [Array.IndexOf(x, x.Max())];
            case ClientFunction.ArgMin:
                return [Array.IndexOf(x, x.Min())];
            default:
                // LINQ's sort is stable, so the first of equals stays first.
                IEnumerable<int> order = Enumerable.Range(0, x.Length).OrderByDescending(t => x[t]).Take(Count);
                return [.. order.Select(t => Function == ClientFunction.TopKIndices ? t : x[t])];
        }
    }
}
