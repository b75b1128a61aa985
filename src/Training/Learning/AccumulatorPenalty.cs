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
    /// <summary>Σ over layers and neurons of max(0, Σ|w| − budget), weights in units of their step.</summary>
    public static Tensor Of(QuantMlp network, int targetWidth)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = zeros(1);
        for (int i = 0; i < network.LinearLayers.Count; i++)
        {
            int levels = i == 0
                ? network.Options.Input.QMax - network.Options.Input.QMin
                : network.Options.Activation.QMax;
            int width = i == network.Activations.Count ? 2 * targetWidth : targetWidth;
            double budget = (double)(width - 1) / levels;
            sum = sum + nn.functional.relu(network.LinearLayers[i].WeightNorms() - budget).sum();
        }

        return sum.MoveToOuterDisposeScope();
    }
}
