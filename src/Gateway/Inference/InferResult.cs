using System.Text.Json;
using BlindGrain.Gateway.Errors;
using BlindGrain.Gateway.Server;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Storage;

namespace BlindGrain.Gateway.Inference;

/// <summary>A finished inference as the protocol's response: JSON, then the encrypted tensor.</summary>
internal sealed class InferResult(JobStatus status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        IBlobStore blobs = httpContext.RequestServices.GetRequiredService<IBlobStore>();
        await using BlobContent content = await blobs.OpenAsync(BlobNames.JobResult(httpContext.Tenant(), status.Job), httpContext.RequestAborted)
            ?? throw ProblemException.NotFound(ErrorCodes.JobNotFound, $"The result of job '{status.Job}' is gone.");
        var parameters = new Dictionary<string, JsonElement> { ["binary_data_size"] = JsonSerializer.SerializeToElement(content.Length) };
        var document = new InferResponseDocument(
            status.Submission.Model,
            status.Submission.Version,
            status.Job,
            [new InferTensorDocument("output", [1], "BYTES", parameters)]);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(document, InferBody.Json);
        httpContext.Response.ContentType = "application/octet-stream";
        httpContext.Response.Headers[InferBody.HeaderLength] = json.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        httpContext.Response.ContentLength = json.Length + content.Length;
        await httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted);
        await content.Stream.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
    }
}
