using BlindGrain.Training.Data;
using BlindGrain.Training.Layers;
using BlindGrain.Training.Networks;
using BlindGrain.Training.Pruning;
using TorchSharp;
using static TorchSharp.torch;

namespace BlindGrain.Training.Learning;

/// <summary>
/// Quantization-aware training, or, where the options say so, training of a float network that is pruned only. The network first learns in float; then it is pruned, once, and
/// its quantizers go on: from there it learns with the mask kept. A quantized network jumps about from epoch to epoch, so the weights of the epoch of least cross-entropy
/// on the training points stay (least cross-entropy, not most accuracy: it tells a sure class from one by a hair), and their pruning is
/// made permanent.
/// </summary>
internal sealed class QatTrainer : IDisposable
{
    /// <summary>The most samples that are evaluated in one piece, for memory's sake.</summary>
    private const int MaxEvaluated = 10_000;

    private readonly QuantSequential _network;
    private readonly TrainingOptions _options;
    private readonly Tensor _samples;
    private readonly Tensor _labels;
    private readonly optim.Optimizer _optimizer;
    private readonly int _stepsAnEpoch;
    private readonly BestWeights _best;
    private Tensor? _augmented;
    private int _step;

    private QatTrainer(QuantSequential network, Dataset points, TrainingOptions options)
    {
        _network = network;
        _options = options;
        _best = new BestWeights(network);
        _samples = points.ToTensor();
        _labels = tensor(points.Labels);
        _optimizer = optim.AdamW(network.parameters(), options.LearningRate, weight_decay: options.WeightDecay);
        _stepsAnEpoch = (points.Count + options.BatchSize - 1) / options.BatchSize;
    }

    /// <summary>Trains <paramref name="network"/> in place. The same arguments give the same bits on one machine: libtorch runs on one thread.</summary>
    /// <param name="network">The network.</param>
    /// <param name="points">The training samples.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="random">The order of the points.</param>
    /// <param name="report">Called after every epoch.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">No epoch would be quantized.</exception>
    /// <exception cref="InvalidOperationException">The training diverged.</exception>
    public static void Train(QuantSequential network, Dataset points, TrainingOptions options, SeededRandom random, Action<EpochMetrics>? report, CancellationToken cancellation) =>
        Train(network, points, null, options, random, report, cancellation);

    /// <summary>Trains <paramref name="network"/> in place, on samples that change from epoch to epoch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="points">The training samples, which loss and accuracy are told of.</param>
    /// <param name="augment">The samples of an epoch, as many as there are; null for the samples themselves.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="random">The order of the samples.</param>
    /// <param name="report">Called after every epoch.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">No epoch would be quantized.</exception>
    /// <exception cref="InvalidOperationException">The training diverged.</exception>
    public static void Train(
        QuantSequential network, Dataset points, Func<Dataset>? augment, TrainingOptions options, SeededRandom random, Action<EpochMetrics>? report, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Epochs, nameof(options));
        if (options.FloatShare is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.FloatShare, "The share of float epochs is 0 or more and below 1.");
        }

        set_num_threads(1);
        _ = manual_seed((long)(random.Clone().NextUInt64() >> 1));
        using var trainer = new QatTrainer(network, points, options);
        int floatEpochs = (int)(options.FloatShare * options.Epochs);
        network.EnableQuantization(false);
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (epoch == floatEpochs + 1)
            {
                trainer.Prune();
                if (options.Quantize)
                {
                    trainer.Quantize();
                }
            }

            trainer.Epoch(augment is null ? trainer._samples : trainer.Augmented(augment()), random.Permutation(points.Count), bounded: options.Quantize && epoch > floatEpochs);
            EpochMetrics metrics = trainer.Evaluate(epoch, quantized: options.Quantize && epoch > floatEpochs);
            if (epoch > floatEpochs)
            {
                trainer._best.Offer(metrics.Loss);
            }

            report?.Invoke(metrics);
        }

        trainer._best.Restore();
        foreach (WeightLayer layer in network.WeightLayers)
        {
            layer.MakePruningPermanent();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _samples.Dispose();
        _augmented?.Dispose();
        _labels.Dispose();
        _best.Dispose();
    }

    private EpochMetrics Evaluate(int epoch, bool quantized)
    {
        _network.eval();
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
        {
            double loss = 0;
            long right = 0, count = _labels.shape[0];
            for (long start = 0; start < count; start += MaxEvaluated)
            {
                using DisposeScope part = NewDisposeScope();
                long size = Math.Min(MaxEvaluated, count - start);
                Tensor logits = _network.call(_samples.narrow(0, start, size)), labels = _labels.narrow(0, start, size);
                loss += nn.functional.cross_entropy(logits, labels).item<float>() * size;
                right += logits.argmax(1).eq(labels).sum().item<long>();
            }

            return new EpochMetrics(epoch, _options.Epochs, quantized, loss / count, (double)right / count);
        }
    }

    /// <summary>Turns the quantizers on: learned steps start from the weights and, by one batch, from the activations as they are.</summary>
    private void Quantize()
    {
        _network.EnableQuantization(true);
        _network.InitializeSteps();
        if (_options.AccumulatorBits is { } bits)
        {
            AccumulatorBound.Enforce(_network, bits);
        }
    }

    private Tensor Augmented(Dataset samples)
    {
        _augmented?.Dispose();
        return _augmented = samples.ToTensor();
    }

    private void Prune()
    {
        if (_options.MaxNonZero is not { } maxNonZero)
        {
            return;
        }

        foreach (WeightLayer layer in _network.WeightLayers.Where(l => l.FanIn > maxNonZero))
        {
            layer.Prune(L1Unstructured.Mask(layer.Weights(), L1Unstructured.AmountFor(layer.FanIn, layer.OutFeatures, maxNonZero)));
            if (_options.CapEveryNeuron)
            {
                layer.Prune(NeuronCap.Mask(layer.Weights(), layer.FanIn, maxNonZero));
            }
        }
    }

    /// <summary>One pass over <paramref name="samples"/> in <paramref name="order"/>.</summary>
    private void Epoch(Tensor samples, int[] order, bool bounded)
    {
        _network.train();
        foreach (int[] batch in order.Chunk(_options.BatchSize))
        {
            double progress = (double)_step++ / (_options.Epochs * _stepsAnEpoch);
            foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
            {
                group.LearningRate = _options.LearningRate * (1 + Math.Cos(Math.PI * progress)) / 2;
            }

            Step(samples, batch);
            if (bounded && _options.AccumulatorBits is { } bits)
            {
                AccumulatorBound.Enforce(_network, bits);
            }
        }
    }

    private void Step(Tensor samples, int[] batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers = tensor(Array.ConvertAll(batch, i => (long)i));
        Tensor loss = nn.functional.cross_entropy(_network.call(samples.index_select(0, numbers)), _labels.index_select(0, numbers));
        if (_options.TargetWidth is { } width)
        {
            loss = loss + (_options.PenaltyWeight * AccumulatorPenalty.Of(_network, width));
        }

        _optimizer.zero_grad();
        loss.backward();
        _ = _optimizer.step();
    }
}
