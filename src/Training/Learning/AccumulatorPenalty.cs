using BlindGrain.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Learning;

/// <summary>
/// Pulls worst-case accumulators under a width while the network learns. With inputs of at most L + 1 levels a neuron's accumulator
/// takes at most L · Σ|w| + 1 values, so a target width T allows Σ|w| ≤ (T − 1) / L: what exceeds that is added to the loss. The last layer may have
/// twice the width: no look-up reads it. The idea is A2Q's (Colbert, Pappalardo and Petri-Koenig, ICCV 2023), as a penalty in place of their reparametrization.
/// </summary>
internal static class AccumulatorPenalty
{
    /// <summary>Σ over layers and neurons of max(0, Σ|w| − budget), weights in units of their step; layers whose input has no quantizer before it are left out.</summary>
    public static Tensor Of(QuantSequential network, int targetWidth)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = zeros(1);
        int?[] levels = network.InputLevels();
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] is not { } most)
            {
                continue;
            }

            int width = i == levels.Length - 1 ? 2 * targetWidth : targetWidth;
            double budget = (double)(width - 1) / most;
            sum = sum + nn.functional.relu(network.WeightLayers[i].WeightNorms() - budget).sum();
        }

        return sum.MoveToOuterDisposeScope();
    }
}
