using System.Text.Json;
using BlindGrain.Compiler.Quantization;
using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Execution;
using BlindGrain.Training.Recipes;

namespace BlindGrain.Training.Reproduction;

/// <summary>All rows: the tables of Concrete-ML's deep-learning examples (documentation v0.3 and v0.4), and what each asks of us.</summary>
internal static class ReportRows
{
    private const double Percent = 0.01;

    /// <summary>What <c>--only</c> takes: groups of rows, and rows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All(new ReproduceSettings(1, true, [], null, null)).SelectMany(r => new[] { r.Group, r.Id }).Distinct()];

    /// <summary>The rows that were asked for.</summary>
    /// <param name="settings">Seeds, samples, names of rows.</param>
    public static IEnumerable<RowDefinition> Chosen(ReproduceSettings settings) =>
        All(settings).Where(r => settings.Only.Count == 0 || settings.Only.Contains(r.Group) || settings.Only.Contains(r.Id));

    /// <summary>All rows of a run.</summary>
    /// <param name="settings">Seeds, samples, and whether it is the short form.</param>
    public static IReadOnlyList<RowDefinition> All(ReproduceSettings settings) =>
    [
        PostTraining(settings, 10, null, new Theirs(0.6870, 0.5644, 6.6, null)),
        PostTraining(settings, 30, null, new Theirs(0.8332, 0.5554, 6.9, null)),
        PostTraining(settings, 100, null, new Theirs(0.8806, 0.5650, 7.4, null)),
        PostTraining(settings, 100, 10, new Theirs(0.8250, 0.5774, 6.6, null)),
        PostTraining(settings, 100, 30, new Theirs(0.8806, 0.5782, 6.8, null)),
        QuantizationAware(settings),
        Sample(settings),
        Iris(settings),
        Digits(settings),
        DigitsOfOneSet(settings),
        Mnist(settings),
    ];

    private static RowDefinition PostTraining(ReproduceSettings settings, int hidden, int? nonZero, Theirs theirs) => new(
        "checkerboard",
        nonZero is null ? $"ptq-{hidden}" : $"pruned-{nonZero}",
        nonZero is null ? $"PTQ, 3 bits, h = {hidden}" : $"h = {hidden} pruned to {nonZero} non-zero a neuron, PTQ, 3 bits",
        theirs,
        Text(new RowSettings(hidden, nonZero, 0, FloatEpochs(settings), 500)),
        (seed, cancellation) => FloatRow.Run(new RowSettings(hidden, nonZero, seed, FloatEpochs(settings), 500), cancellation))
    {
        Seeds = settings.SeedNumbers,
        Goals =
        [
            new Goal("float accuracy above theirs", f => f.Trained.Mean, theirs.Trained!.Value),
            new Goal("3-bit accuracy 10 points above theirs", f => f.Integers.Mean, theirs.Quantized!.Value + (10 * Percent)),
        ],
        EncryptedPicture = !settings.Quick && (hidden, nonZero) is (100, null),
    };

    private static RowDefinition QuantizationAware(ReproduceSettings settings) => new(
        "checkerboard",
        "qat",
        "QAT, 3 bits, h = 100, 30 non-zero a neuron",
        new Theirs(0.944, 0.918, 7, 10.2),
        Text(new RowSettings(100, 30, 0, QatEpochs(settings), 500)),
        (seed, cancellation) => QatRow.Run(new RowSettings(100, 30, seed, QatEpochs(settings), 500), cancellation))
    {
        Seeds = settings.SeedNumbers,
        Goals =
        [
            new Goal("within 0.5 points of the best classifier", f => f.Ceiling!.Mean - f.Trained.Mean, 0.5 * Percent, AtMost: true),
            new Goal("imported accuracy equal to trained, share of the seeds", f => f.EqualSeeds, 1),
            new Goal("worst-case accumulator in bits", f => f.WorstCaseBits.Most, QatRow.AccumulatorBits, AtMost: true),
        ],
        Encrypted =
        [
            new EncryptedPlan(new ExecutionMode.Exact(), settings.Quick ? 1 : 5, OverRest: true, null),
            new EncryptedPlan(new ExecutionMode.Approximate(0.01), settings.Quick ? 5 : 50, OverRest: true, 0.5),
        ],
        EncryptedPicture = true,
    };

    /// <summary>The committed sample: an accumulator-aware network of the same accuracy, trained by <c>./train checkerboard</c>, not anew here.</summary>
    private static RowDefinition Sample(ReproduceSettings settings) => new(
        "checkerboard",
        "sample",
        "samples/checkerboard.onnx (QAT, accumulators within 6 bits)",
        new Theirs(0.944, 0.918, 7, 10.2),
        "the committed file",
        (_, _) => SampleRow.Run())
    {
        Seeds = [new CheckerboardOptions { Output = string.Empty, Points = string.Empty }.Seed],
        Goals = [new Goal("within 0.5 points of the best classifier", f => f.Ceiling!.Mean - f.Trained.Mean, 0.5 * Percent, AtMost: true)],
        Encrypted =
        [
            new EncryptedPlan(new ExecutionMode.Exact(), settings.Quick ? 20 : 500, OverRest: true, 1.0),
            new EncryptedPlan(new ExecutionMode.Approximate(0.01), settings.Quick ? 20 : 100, OverRest: true, 0.5),
        ],
        EncryptedPicture = true,
    };

    private static RowDefinition Iris(ReproduceSettings settings) => new(
        "iris",
        "iris",
        "Iris, fully connected",
        new Theirs(0.947, 0.947, null, 0.95),
        Text(IrisRecipe.Defaults),
        (seed, cancellation) => Classifier(seed, IrisRecipe.Run(IrisRecipe.Defaults with { Seed = seed }, null, cancellation)))
    {
        Seeds = settings.SeedNumbers,
        Goals = [new Goal("accuracy on clear integers", f => f.Integers.Mean, 0.95)],
        Encrypted = [new EncryptedPlan(new ExecutionMode.Exact(), settings.Quick ? 10 : 51, OverRest: false, 0.2)],
    };

    private static RowDefinition Digits(ReproduceSettings settings) => new(
        "digits",
        "digits",
        "Digits 8×8, convolutional, other writers' digits test",
        new Theirs(0.982, 0.97, null, 2.56),
        Text(Short(DigitsRecipe.Defaults, settings, 20)),
        (seed, cancellation) => Classifier(seed, DigitsRecipe.Run(Short(DigitsRecipe.Defaults, settings, 20) with { Seed = seed }, null, cancellation)))
    {
        Seeds = settings.SeedNumbers,
        Goals = [new Goal("accuracy on the test set, simulated with noise", f => f.Simulated!.Mean, 0.975)],
        Encrypted = [new EncryptedPlan(new ExecutionMode.Approximate(DigitsRecipe.Defaults.Sigma), settings.Quick ? 3 : 100, OverRest: false, 1.5)],
    };

    /// <summary>The split of the reference, which scikit-learn's users know: easier than other writers' digits.</summary>
    private static RowDefinition DigitsOfOneSet(ReproduceSettings settings) => new(
        "digits",
        "digits-split",
        "Digits 8×8, convolutional, the reference's split",
        new Theirs(0.982, 0.97, null, null),
        "one set, " + Text(Short(DigitsRecipe.Defaults, settings, 20)),
        (seed, cancellation) => Classifier(seed, DigitsRecipe.RunOnOneSet(Short(DigitsRecipe.Defaults, settings, 20) with { Seed = seed }, null, cancellation)))
    {
        Seeds = settings.SeedNumbers,
        Goals = [new Goal("accuracy on the test set, simulated with noise", f => f.Simulated!.Mean, 0.975)],
    };

    private static RowDefinition Mnist(ReproduceSettings settings) => new(
        "mnist",
        "mnist",
        "MNIST, fully connected, 10 000 training images",
        new Theirs(null, 0.94, null, 3.51),
        Text(Short(MnistRecipe.Defaults, settings, 6)),
        (seed, cancellation) => Classifier(seed, MnistRecipe.Run(Short(MnistRecipe.Defaults, settings, 6) with { Seed = seed }, null, cancellation)))
    {
        Seeds = settings.SeedNumbers,
        Goals = [new Goal("accuracy on the 10 000 test images, simulated with noise", f => f.Simulated!.Mean, 0.96)],
        Encrypted = [new EncryptedPlan(new ExecutionMode.Approximate(MnistRecipe.Defaults.Sigma), settings.Quick ? 3 : 100, OverRest: false, 1.0)],
    };

    private static int FloatEpochs(ReproduceSettings settings) => settings.Quick ? 20 : 40;

    private static int QatEpochs(ReproduceSettings settings) => settings.Quick ? 12 : 30;

    private static string Text<T>(T recipe) => JsonSerializer.Serialize(recipe);

    private static ClassifierOptions Short(ClassifierOptions options, ReproduceSettings settings, int epochs) =>
        settings.Quick ? options with { Training = options.Training with { Epochs = epochs } } : options;

    private static TrainedModel Classifier(ulong seed, ClassifierResult result)
    {
        var figures = new SeedResult(seed, result.Trained, result.Integers, result.Calibrated.MaxBits, result.Circuit.MaxBits, result.Circuit.Bootstraps) { Simulated = result.Simulated };
        return new TrainedModel(figures, result.Circuit, result.Calibrated, result.Test);
    }

    /// <summary>A circuit with the ranges that samples reach, and a margin of a tenth.</summary>
    public static FheCircuit WithCalibratedRanges(FheCircuit circuit, float[][] samples, double margin = 0.1) =>
        RangeCalibrator.Calibrate(circuit, [.. samples.Select(s => circuit.Input.Quantize(s))], margin).Circuit;
}
