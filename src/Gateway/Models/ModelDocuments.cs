namespace BlindGrain.Gateway.Models;

/// <summary>A tensor of the Open Inference Protocol's model metadata; -1 is the open batch dimension.</summary>
internal sealed record TensorDocument(string Name, string Datatype, long[] Shape);

/// <summary>Model metadata: the clear tensors, and in the parameters how they are sent encrypted.</summary>
internal sealed record ModelDocument(string Name, string[] Versions, string Platform, TensorDocument[] Inputs, TensorDocument[] Outputs, ModelParametersDocument Parameters);

/// <summary>The encrypted form of a model's tensors and what it costs.</summary>
internal sealed record ModelParametersDocument(string Version, string ParameterSet, string Mode, int Bootstraps, long Bytes, string Sha256, string EncryptedDatatype, DateTimeOffset Created);

/// <summary>Models of the tenant, and what to ask for "after" where there are more.</summary>
internal sealed record ModelListDocument(ModelVersionDocument[] Models, string? Next);

/// <summary>One version of a model.</summary>
internal sealed record ModelVersionDocument(string Name, string Version)
{
    /// <summary>As the tenant's list has it, "name/version".</summary>
    public static ModelVersionDocument Parse(string id)
    {
        string[] parts = id.Split('/');
        return new ModelVersionDocument(parts[0], parts[1]);
    }
}
