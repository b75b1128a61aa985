namespace BlindGrain.Compiler;

/// <summary>The file is no ONNX model, or a malformed one.</summary>
public sealed class InvalidModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InvalidModelException()
    {
    }

    /// <inheritdoc cref="InvalidModelException()"/>
    public InvalidModelException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="InvalidModelException()"/>
    public InvalidModelException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A well-formed model that cannot become a circuit; the message names the node and what would be supported.</summary>
public sealed class UnsupportedModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UnsupportedModelException()
    {
    }

    /// <inheritdoc cref="UnsupportedModelException()"/>
    public UnsupportedModelException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="UnsupportedModelException()"/>
    public UnsupportedModelException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
