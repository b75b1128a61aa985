namespace BlindGrain.Training.Learning;

/// <summary>How a network learns: some epochs in float, then pruned and quantized ones.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Passes over the training samples, at least 1.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>The share of the epochs, from the first, without pruning and without quantized weights and activations: 0 or more, below 1.</summary>
    public double FloatShare { get; init; } = 0.4;

    /// <summary>Whether the epochs after the float ones are quantized; if not, they are only pruned.</summary>
    public bool Quantize { get; init; } = true;

    /// <summary>Samples a step.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>AdamW's learning rate at the start; it falls to zero along half a cosine.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>AdamW's decoupled weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The most non-zero weights a neuron keeps, on average over a layer and, where <see cref="CapEveryNeuron"/> is set, by itself; null prunes nothing.</summary>
    public int? MaxNonZero { get; init; } = 6;

    /// <summary>Whether the number of non-zero weights is a cap for every neuron, and not only their mean over a layer.</summary>
    public bool CapEveryNeuron { get; init; } = true;

    /// <summary>The accumulator width that <see cref="AccumulatorPenalty"/> pulls every neuron under; null for no penalty.</summary>
    public int? TargetWidth { get; init; } = 32;

    /// <summary>The factor of the penalty in the loss.</summary>
    public double PenaltyWeight { get; init; } = 0.005;

    /// <summary>The width in bits that <see cref="AccumulatorBound"/> keeps every accumulator within once the network is quantized; null for none.</summary>
    public int? AccumulatorBits { get; init; }
}
