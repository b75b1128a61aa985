namespace BlindGrain.Compiler.Import;

/// <summary>
/// Bounds the memory and time of an import: a few bytes of a model can ask for tensors of any size, and for work on them without end. Each number that is held
/// takes four bytes; each that is made or multiplied some ten nanoseconds.
/// </summary>
internal sealed class ImportBudget
{
    private const long MaxHeld = 1L << 28;
    private const long MaxWork = 1L << 32;

    private long _held;
    private long _work;

    /// <summary>Takes a value in.</summary>
    /// <exception cref="UnsupportedModelException">All values together are too large.</exception>
    public void Hold(string name, GraphValue value)
    {
        _held += Numbers(value);
        Spend($"'{name}'", Numbers(value));
        if (_held > MaxHeld)
        {
            throw new UnsupportedModelException($"With '{name}' the model's tensors take more than {MaxHeld} numbers at a time, the most that is supported.");
        }
    }

    /// <summary>Lets a value go.</summary>
    public void Release(GraphValue value) => _held -= Numbers(value);

    /// <summary>Counts work before it is done.</summary>
    /// <exception cref="UnsupportedModelException">All of it together is too much.</exception>
    public void Spend(string node, double steps)
    {
        if (steps > MaxWork - _work)
        {
            throw new UnsupportedModelException($"With node {node} the model takes more than {MaxWork} elementary steps to compile, the most that is supported; its tensors are too large.");
        }

        _work += (long)steps;
    }

    private static long Numbers(GraphValue value) => (long)value.Length * value switch
    {
        EncryptedValue => 4,
        InputValue or QuantizedConstantValue => 3,
        _ => 1,
    };
}
