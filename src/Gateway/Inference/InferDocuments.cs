using System.Text.Json;

namespace BlindGrain.Gateway.Inference;

/// <summary>The JSON part of an inference request (Open Inference Protocol v2 with the binary tensor extension).</summary>
internal sealed record InferRequestDocument(string? Id, InferTensorDocument[]? Inputs, Dictionary<string, JsonElement>? Parameters);

/// <summary>A tensor whose data follow the JSON: datatype BYTES, parameters.binary_data_size bytes.</summary>
internal sealed record InferTensorDocument(string Name, long[] Shape, string Datatype, Dictionary<string, JsonElement>? Parameters);

/// <summary>The JSON part of an inference response.</summary>
internal sealed record InferResponseDocument(string ModelName, string ModelVersion, string Id, InferTensorDocument[] Outputs);
