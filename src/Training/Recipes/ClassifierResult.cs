using BlindGrain.Engine.Circuits;
using BlindGrain.Training.Data;

namespace BlindGrain.Training.Recipes;

/// <summary>A trained and compiled classifier. Accuracies are shares of the test samples, 0 to 1.</summary>
/// <param name="Onnx">The QONNX file.</param>
/// <param name="Circuit">Its circuit; ranges are the worst case.</param>
/// <param name="Calibrated">The circuit with ranges that training data reach, and a margin: what approximate mode runs.</param>
/// <param name="Test">The test samples.</param>
/// <param name="Trained">The accuracy of the trained network.</param>
/// <param name="Integers">That of the circuit on clear integers.</param>
/// <param name="EqualClasses">The test samples that both give the same class.</param>
/// <param name="Simulated">The accuracy with the modelled noise of approximate mode; null where that was not asked for.</param>
/// <param name="Overflow">The probability that one look-up reads a value outside its calibrated range, estimated from training data.</param>
internal sealed record ClassifierResult(
    byte[] Onnx,
    FheCircuit Circuit,
    FheCircuit Calibrated,
    Dataset Test,
    double Trained,
    double Integers,
    int EqualClasses,
    double? Simulated,
    double Overflow);
