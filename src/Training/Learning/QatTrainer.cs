using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Learning;

/// <summary>
/// Quantization-aware training. The network first learns in float; then it is pruned, once, and its quantizers go on: from there it
/// learns with the mask kept. A quantized network jumps about from epoch to epoch, so the weights of the epoch of least cross-entropy
/// on the training points stay (least cross-entropy, not most accuracy: it tells a sure class from one by a hair), and their pruning is
/// made permanent.
/// </summary>
internal sealed class QatTrainer : IDisposable
{
    private readonly QuantMlp _network;
    private readonly TrainingOptions _options;
    private readonly Tensor _coordinates;
    private readonly Tensor _labels;
    private readonly optim.Optimizer _optimizer;
    private readonly int _stepsAnEpoch;
    private readonly BestWeights _best;
    private int _step;

    private QatTrainer(QuantMlp network, LabelledPoints points, TrainingOptions options)
    {
        _network = network;
        _options = options;
        _best = new BestWeights(network);
        _coordinates = tensor(points.Coordinates, points.Count, 2);
        _labels = tensor(points.Labels);
        _optimizer = optim.AdamW(network.parameters(), options.LearningRate);
        _stepsAnEpoch = (points.Count + options.BatchSize - 1) / options.BatchSize;
    }

    /// <summary>Trains <paramref name="network"/> in place. The same arguments give the same bits on one machine: libtorch runs on one thread.</summary>
    /// <param name="network">The network.</param>
    /// <param name="points">The training points.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="random">The order of the points.</param>
    /// <param name="report">Called after every epoch.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">No epoch would be quantized.</exception>
    /// <exception cref="InvalidOperationException">The training diverged.</exception>
    public static void Train(QuantMlp network, LabelledPoints points, TrainingOptions options, SeededRandom random, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Epochs, nameof(options));
        if (options.FloatShare is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.FloatShare, "The share of float epochs is 0 or more and below 1.");
        }

        set_num_threads(1);
        using var trainer = new QatTrainer(network, points, options);
        int floatEpochs = (int)(options.FloatShare * options.Epochs);
        network.EnableQuantization(false);
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (epoch == floatEpochs + 1)
            {
                trainer.Prune();
                network.EnableQuantization(true);
            }

            trainer.Epoch(random.Permutation(points.Count));
            EpochMetrics metrics = trainer.Evaluate(epoch, quantized: epoch > floatEpochs);
            if (metrics.Quantized)
            {
                trainer._best.Offer(metrics.Loss);
            }

            report?.Invoke(metrics);
        }

        trainer._best.Restore();
        network.LinearLayers.ForEach(l => l.MakePruningPermanent());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _coordinates.Dispose();
        _labels.Dispose();
        _best.Dispose();
    }

    private EpochMetrics Evaluate(int epoch, bool quantized)
    {
        _network.eval();
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor logits = _network.call(_coordinates);
            double loss = nn.functional.cross_entropy(logits, _labels).item<float>();
            double accuracy = logits.argmax(1).eq(_labels).to(float64).mean().item<double>();
            return new EpochMetrics(epoch, _options.Epochs, quantized, loss, accuracy);
        }
    }

    private void Prune()
    {
        if (_options.MaxNonZero is not { } maxNonZero)
        {
            return;
        }

        foreach (QuantLinear layer in _network.LinearLayers.Where(l => l.InFeatures > maxNonZero))
        {
            layer.Prune(L1Unstructured.Mask(layer.Weights(), L1Unstructured.AmountFor(layer.InFeatures, layer.OutFeatures, maxNonZero)));
            layer.Prune(NeuronCap.Mask(layer.Weights(), layer.InFeatures, maxNonZero));
        }
    }

    /// <summary>One pass over the points in <paramref name="order"/>.</summary>
    private void Epoch(int[] order)
    {
        _network.train();
        foreach (int[] batch in order.Chunk(_options.BatchSize))
        {
            double progress = (double)_step++ / (_options.Epochs * _stepsAnEpoch);
            foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
            {
                group.LearningRate = _options.LearningRate * (1 + Math.Cos(Math.PI * progress)) / 2;
            }

            Step(batch);
        }
    }

    private void Step(int[] batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers = tensor(Array.ConvertAll(batch, i => (long)i));
        Tensor loss = nn.functional.cross_entropy(_network.call(_coordinates.index_select(0, numbers)), _labels.index_select(0, numbers));
        if (_options.TargetWidth is { } width)
        {
            loss = loss + (_options.PenaltyWeight * AccumulatorPenalty.Of(_network, width));
        }

        _optimizer.zero_grad();
        loss.backward();
        _ = _optimizer.step();
    }
}
