using BlindGrain.Training.Networks;

namespace BlindGrain.Training.Recipes;

/// <summary>What a run of the checkerboard recipe came to. Accuracies are shares from 0 to 1.</summary>
/// <param name="Model">The ONNX file.</param>
/// <param name="Points">The file of the test points.</param>
/// <param name="Seed">The seed of the weights.</param>
/// <param name="DataSeed">The seed of the data.</param>
/// <param name="Epochs">Passes over the training points.</param>
/// <param name="TrainAccuracy">The quantized network on the 9 500 training points.</param>
/// <param name="TestAccuracy">The quantized network on the 500 test points.</param>
/// <param name="CircuitAccuracy">The exported file, compiled, as an integer circuit on the test points.</param>
/// <param name="RuleAccuracy">The noiseless labelling rule on the test points: the ceiling.</param>
/// <param name="Bootstraps">Programmable bootstraps of one inference.</param>
/// <param name="MaxBits">The widest value of the compiled circuit, in bits.</param>
/// <param name="Layers">The linear layers in order.</param>
internal sealed record CheckerboardReport(
    string Model,
    string Points,
    ulong Seed,
    ulong DataSeed,
    int Epochs,
    double TrainAccuracy,
    double TestAccuracy,
    double CircuitAccuracy,
    double RuleAccuracy,
    int Bootstraps,
    int MaxBits,
    IReadOnlyList<LayerRange> Layers);
