namespace BlindGrain.Gateway.Errors;

/// <summary>A request that cannot be served: becomes a problem document.</summary>
#pragma warning disable CA1032 // Made in one way only: with a status, a code and a detail.
internal sealed class ProblemException(int status, string code, string detail) : Exception(detail)
#pragma warning restore CA1032
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static ProblemException BadRequest(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

    public static ProblemException NotFound(string code, string detail) => new(StatusCodes.Status404NotFound, code, detail);

    public static ProblemException Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    public static ProblemException TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.PayloadTooLarge, detail);

    public static ProblemException Unprocessable(string code, string detail) => new(StatusCodes.Status422UnprocessableEntity, code, detail);
}
