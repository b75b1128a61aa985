namespace BlindGrain.Training.Recipes;

/// <summary>What a recipe's metrics file holds. Accuracies are shares of the test samples, 0 to 1.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Options">Its choices.</param>
/// <param name="TestSamples">How many samples test.</param>
/// <param name="TrainedAccuracy">The trained network.</param>
/// <param name="IntegerAccuracy">The compiled circuit on clear integers.</param>
/// <param name="EqualClasses">How many test samples both give the same class.</param>
/// <param name="SimulatedAccuracy">With the modelled noise of approximate mode; null where not simulated.</param>
/// <param name="Bootstraps">Bootstraps of one inference.</param>
/// <param name="WorstCaseBits">The widest value over every possible input.</param>
/// <param name="CalibratedBits">The widest value over what training data reach, and a margin.</param>
/// <param name="Overflow">The probability that one look-up reads a value outside its calibrated range.</param>
internal sealed record ClassifierFigures(
    string Recipe,
    ClassifierOptions Options,
    int TestSamples,
    double TrainedAccuracy,
    double IntegerAccuracy,
    int EqualClasses,
    double? SimulatedAccuracy,
    int Bootstraps,
    int WorstCaseBits,
    int CalibratedBits,
    double Overflow);
