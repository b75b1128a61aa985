namespace BlindGrain.Compiler.Quantization;

/// <summary>Chooses the range that a quantizer covers, from the values that reach it.</summary>
internal static class RangeEstimator
{
    private const int MaxValues = 1 << 16;
    private const int Candidates = 60;
    private const double Narrowest = 0.15;

    /// <summary>The range, which holds zero.</summary>
    /// <param name="samples">What reaches the quantizer, one array a sample.</param>
    /// <param name="options">The method.</param>
    /// <param name="levels">The number of integers.</param>
    public static (double Min, double Max) Of(float[][] samples, PostTrainingOptions options, int levels)
    {
        double min = Math.Min(0, samples.Min(s => s.DefaultIfEmpty().Min())), max = Math.Max(0, samples.Max(s => s.DefaultIfEmpty().Max()));
        switch (options.Method)
        {
            case CalibrationMethod.Percentile:
                float[] sorted = Some(samples);
                Array.Sort(sorted);
                int drop = (int)(options.Percentile * sorted.Length);
                return (Math.Min(0, sorted[drop]), Math.Max(0, sorted[^(drop + 1)]));
            case CalibrationMethod.MeanSquaredError:
                return LeastError(Some(samples), min, max, levels);
            default:
                return (min, max);
        }
    }

    /// <summary>The two ends drawn in together, then each alone: a range with one long tail gives that up only.</summary>
    private static (double Min, double Max) LeastError(float[] values, double min, double max, int levels)
    {
        (double Min, double Max) best = (min, max);
        double least = double.PositiveInfinity;
        void Try(double low, double high)
        {
            double error = Error(values, low, high, levels);
            if (error < least)
            {
                (least, best) = (error, (low, high));
            }
        }

        double[] parts = [.. Enumerable.Range(0, Candidates).Select(c => 1 - ((1 - Narrowest) * c / Candidates))];
        foreach (double part in parts)
        {
            Try(min * part, max * part);
        }

        if (min < 0 && max > 0)
        {
            foreach (double part in parts)
            {
                Try(min * part, best.Max);
            }

            foreach (double part in parts)
            {
                Try(best.Min, max * part);
            }
        }

        return best;
    }

    /// <summary>The scale of a symmetric quantizer of weights with integers from −<paramref name="top"/> to <paramref name="top"/>.</summary>
    public static float WeightScale(ReadOnlySpan<float> weights, PostTrainingOptions options, int top)
    {
        float largest = 0;
        foreach (float w in weights)
        {
            largest = MathF.Max(largest, MathF.Abs(w));
        }

        if (largest == 0)
        {
            return 1;
        }

        if (options.Method == CalibrationMethod.MinMax)
        {
            return largest / top;
        }

        float best = largest / top;
        double least = double.PositiveInfinity;
        for (int c = 0; c < Candidates; c++)
        {
            float scale = (float)(largest * (1 - ((1 - Narrowest) * c / Candidates)) / top);
            double error = 0;
            foreach (float w in weights)
            {
                double e = w - (Math.Clamp(MathF.Round(w / scale), -top, top) * (double)scale);
                error += e * e;
            }

            if (error < least)
            {
                (least, best) = (error, scale);
            }
        }

        return best;
    }

    private static double Error(float[] values, double min, double max, int levels)
    {
        double scale = (max - min) / (levels - 1);
        if (scale <= 0)
        {
            return 0;
        }

        double zero = Math.Round(-min / scale), error = 0;
        foreach (float v in values)
        {
            double q = Math.Clamp(Math.Round((v / scale) + zero), 0, levels - 1), e = v - ((q - zero) * scale);
            error += e * e;
        }

        return error;
    }

    /// <summary>At most some tens of thousands of the values, evenly spread.</summary>
    private static float[] Some(float[][] samples)
    {
        long total = samples.Sum(s => (long)s.Length), stride = Math.Max(1, (total + MaxValues - 1) / MaxValues) | 1;
        var some = new List<float>(MaxValues);
        long next = 0, start = 0;
        foreach (float[] sample in samples)
        {
            for (; next < start + sample.Length; next += stride)
            {
                some.Add(sample[next - start]);
            }

            start += sample.Length;
        }

        return [.. some];
    }
}
