using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace BlindGrain.Compiler.Quantization;

/// <summary>
/// What the least-squares problem of a linear layer needs of the calibration data: the covariances of its quantized inputs, and of those with the float model's outputs.
/// Means are taken out, because a bias makes up for them.
/// </summary>
internal sealed class OutputStatistics(LinearGeometry geometry)
{
    private readonly int _fanIn = geometry.FanIn;
    private readonly int _channels = geometry.Channels;

    /// <summary>The inputs' covariances, [fan-in, fan-in].</summary>
    public double[] Inputs { get; } = new double[geometry.FanIn * geometry.FanIn];

    /// <summary>The covariances of outputs and inputs, [channels, fan-in].</summary>
    public double[] Outputs { get; } = new double[geometry.Channels * geometry.FanIn];

    /// <summary>Takes every <paramref name="stride"/>-th sum of the samples.</summary>
    public void Add(ReadOnlySpan<float[]> inputs, ReadOnlySpan<float[]> outputs, int[] inputShape, int[] outputShape, int stride)
    {
        int positions = geometry.Positions(outputShape), count = 0;
        double[] row = new double[_fanIn], inputMean = new double[_fanIn], outputMean = new double[_channels];
        long number = 0;
        for (int s = 0; s < inputs.Length; s++)
        {
            for (int p = 0; p < positions; p++)
            {
                if (number++ % stride != 0)
                {
                    continue;
                }

                geometry.Read(inputs[s], inputShape, outputShape, p, row);
                count++;
                TensorPrimitives.Add(inputMean, row, inputMean);
                for (int i = 0; i < _fanIn; i++)
                {
                    if (row[i] != 0)
                    {
                        Span<double> to = Inputs.AsSpan(i * _fanIn, _fanIn);
                        TensorPrimitives.MultiplyAdd(row, row[i], to, to);
                    }
                }

                for (int c = 0; c < _channels; c++)
                {
                    double y = outputs[s][geometry.OutputAt(outputShape, c, p)];
                    outputMean[c] += y;
                    Span<double> to = Outputs.AsSpan(c * _fanIn, _fanIn);
                    TensorPrimitives.MultiplyAdd(row, y, to, to);
                }
            }
        }

        Centre(inputMean, outputMean, count);
    }

    private void Centre(double[] inputMean, double[] outputMean, int count)
    {
        for (int i = 0; i < _fanIn; i++)
        {
            for (int j = 0; j < _fanIn; j++)
            {
                Inputs[(i * _fanIn) + j] = (Inputs[(i * _fanIn) + j] - (inputMean[i] * inputMean[j] / count)) / count;
            }
        }

        for (int c = 0; c < _channels; c++)
        {
            for (int j = 0; j < _fanIn; j++)
            {
                Outputs[(c * _fanIn) + j] = (Outputs[(c * _fanIn) + j] - (outputMean[c] * inputMean[j] / count)) / count;
            }
        }
    }
}
