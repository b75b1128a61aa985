namespace BlindGrain.Compiler.Quantization;

/// <summary>Chooses the range that a quantizer covers, from the values that reach it.</summary>
internal static class RangeEstimator
{
    private const int MaxValues = 1 << 16;
    private const int Candidates = 60;
    private const double Narrowest = 0.2;

    /// <summary>The range, which holds zero.</summary>
    /// <param name="values">What reaches the quantizer.</param>
    /// <param name="options">The method.</param>
    /// <param name="levels">The number of integers.</param>
    public static (double Min, double Max) Of(float[] values, PostTrainingOptions options, int levels)
    {
        double min = Math.Min(0, values.Min()), max = Math.Max(0, values.Max());
        switch (options.Method)
        {
            case CalibrationMethod.Percentile:
                float[] sorted = [.. values.Order()];
                int drop = (int)(options.Percentile * sorted.Length);
                return (Math.Min(0, sorted[drop]), Math.Max(0, sorted[^(drop + 1)]));
            case CalibrationMethod.MeanSquaredError:
                float[] some = Some(values);
                (double Min, double Max) best = (min, max);
                double least = double.PositiveInfinity;
                for (int c = 0; c < Candidates; c++)
                {
                    double part = 1 - ((1 - Narrowest) * c / Candidates);
                    double error = Error(some, min * part, max * part, levels);
                    if (error < least)
                    {
                        (least, best) = (error, (min * part, max * part));
                    }
                }

                return best;
            default:
                return (min, max);
        }
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

    /// <summary>Every so many values, and the two ends.</summary>
    private static float[] Some(float[] values)
    {
        int stride = Math.Max(1, values.Length / MaxValues);
        return stride == 1 ? values : [.. values.Where((_, i) => i % stride == 0), values.Min(), values.Max()];
    }
}
