using System.Text.Json;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Gateway.Errors;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Inference;

/// <summary>An inference request taken apart and checked for form: the key set, how urgent it is, and the encrypted input.</summary>
internal sealed record InferBody(string KeySet, int Priority, TimeSpan? Timeout, SeededLweList Input, byte[] InputBytes)
{
    /// <summary>The header that says how long the JSON part is.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>The JSON of every document here: snake case, as the protocol has it.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Parses a body.</summary>
    /// <exception cref="ProblemException">It is not of the form; the detail says how it should be.</exception>
    public static InferBody Parse(byte[] body, string? headerLength)
    {
        if (!int.TryParse(headerLength, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int jsonLength) || jsonLength > body.Length)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"The header {HeaderLength} must say how many bytes of the body are JSON; encrypted tensors follow it as binary data.");
        }

        InferRequestDocument request = ReadJson(body.AsSpan(0, jsonLength));
        if (request.Inputs is not [{ } tensor])
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"The request must have one input, not {request.Inputs?.Length ?? 0}.");
        }

        if (tensor.Datatype != "BYTES" || !TryGetSize(tensor, out long size) || size != body.Length - jsonLength)
        {
            throw ProblemException.BadRequest(
                ErrorCodes.InvalidRequest,
                $"The input must have datatype BYTES and parameters.binary_data_size = {body.Length - jsonLength}, the number of bytes behind the JSON part.");
        }

        if (request.Parameters is null || !request.Parameters.TryGetValue("key_set", out JsonElement value) || TextOf(value) is not { } keySet)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, "parameters.key_set must name the key set that the input was encrypted for.");
        }

        int priority = PriorityOf(request.Parameters);
        TimeSpan? timeout = TimeoutOf(request.Parameters);
        byte[] bytes = body[jsonLength..];
        try
        {
            return new InferBody(keySet, priority, timeout, SeededLweList.Parse(bytes), bytes);
        }
        catch (FormatException e)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidInput, e.Message);
        }
    }

    /// <summary>The parameter "priority", as Triton has it: 1 is first, 0 and nothing are the default.</summary>
    private static int PriorityOf(Dictionary<string, JsonElement> parameters)
    {
        if (!parameters.TryGetValue("priority", out JsonElement value))
        {
            return JobSubmission.DefaultPriority;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int priority) && priority is >= 0 and <= JobSubmission.LastPriority
            ? priority == 0 ? JobSubmission.DefaultPriority : priority
            : throw ProblemException.BadRequest(
                ErrorCodes.InvalidRequest, $"parameters.priority must be an integer from 1, before your other jobs, to {JobSubmission.LastPriority}, behind them; 0 is the default, {JobSubmission.DefaultPriority}.");
    }

    /// <summary>The parameter "timeout", as Triton has it: microseconds; 0 and nothing are for ever.</summary>
    private static TimeSpan? TimeoutOf(Dictionary<string, JsonElement> parameters)
    {
        if (!parameters.TryGetValue("timeout", out JsonElement value))
        {
            return null;
        }

        long most = (long)JobSubmission.LongestTimeout.TotalMicroseconds;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long microseconds) && microseconds >= 0 && microseconds <= most
            ? microseconds == 0 ? null : TimeSpan.FromMicroseconds(microseconds)
            : throw ProblemException.BadRequest(
                ErrorCodes.InvalidRequest, $"parameters.timeout must be an integer of microseconds, at most {most} ({JobSubmission.LongestTimeout.TotalDays:0} days), after which the job fails; 0 is for ever.");
    }

    private static InferRequestDocument ReadJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<InferRequestDocument>(json, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"The JSON part of the request is malformed: {e.Message}");
        }
    }

    /// <summary>A JSON string's text; null for what is no string, or holds half a surrogate pair or bytes that are not UTF-8.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool TryGetSize(InferTensorDocument tensor, out long size)
    {
        size = 0;
        return tensor.Parameters is not null && tensor.Parameters.TryGetValue("binary_data_size", out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out size);
    }
}
