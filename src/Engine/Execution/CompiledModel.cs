using BlindGrain.Engine.Circuits;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Execution;

/// <summary>
/// A circuit with the mode and the parameters it runs with: what a <c>.bgc</c> file holds, what clients encrypt for and
/// silos execute. Holds nothing secret.
/// </summary>
public sealed class CompiledModel
{
    /// <summary>The circuit.</summary>
    public FheCircuit Circuit => throw new NotImplementedException();

    /// <summary>What the parameters were chosen for.</summary>
    public ExecutionMode Mode => throw new NotImplementedException();

    /// <summary>The parameters.</summary>
    public ParameterSet Parameters => throw new NotImplementedException();

    /// <summary>Chooses the cheapest parameters of the catalogue that meet the mode at every step.</summary>
    /// <exception cref="ArgumentException">No parameters do: the message names the widest step and its bits.</exception>
    public static CompiledModel Create(FheCircuit circuit, ExecutionMode mode) => throw new NotImplementedException();

    /// <summary>Writes the <c>.bgc</c> file.</summary>
    public void Write(Stream stream) => throw new NotImplementedException();

    /// <summary>Reads a <c>.bgc</c> file; the stream need not seek.</summary>
    /// <exception cref="FormatException">Not such a file, of another version, truncated or corrupted; the message says which.</exception>
    public static CompiledModel Read(Stream stream) => throw new NotImplementedException();

    /// <summary>The probability that a look-up of step <paramref name="step"/> errs, as log2, by the noise model.</summary>
    public double Log2PError(int step) => throw new NotImplementedException();

    /// <summary>The modelled cost of one evaluation, in 10^6 operations.</summary>
    public double Cost => throw new NotImplementedException();
}
