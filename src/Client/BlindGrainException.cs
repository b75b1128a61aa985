using System.Net;

namespace BlindGrain.Client;

/// <summary>The server refused a request, or cannot be reached.</summary>
public sealed class BlindGrainException : Exception
{
    /// <summary>Creates the exception.</summary>
    public BlindGrainException()
    {
    }

    /// <inheritdoc cref="BlindGrainException()"/>
    public BlindGrainException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="BlindGrainException()"/>
    public BlindGrainException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <inheritdoc cref="BlindGrainException()"/>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The problem document's stable code.</param>
    /// <param name="message">What was wrong and what would be right.</param>
    public BlindGrainException(HttpStatusCode status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    /// <summary>The HTTP status; null where no answer came.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The stable code of the problem, such as "model_not_found"; "unreachable" where no answer came.</summary>
    public string Code { get; } = "unreachable";
}
